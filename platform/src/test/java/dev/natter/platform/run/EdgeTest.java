package dev.natter.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.http.Json;
import dev.natter.testing.Reply;
import io.helidon.config.Config;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class EdgeTest {
    private static final String GET = "GET /hello HTTP/1.1\r\nHost: x\r\n";
    private static final String POST = "POST /bytes HTTP/1.1\r\nHost: x\r\n";
    private static final String SMUGGLED = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
    private static Node node;

    @BeforeAll
    static void start() {
        Config config = Hello.config(Map.of("server.max.payload", "100000"));
        node = Node.start(NodeConfig.from(config), List.of(new Hello(config)));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 1\r\nContent-Length: 60\r\n",
                "Content-Length: 1\r\nContent-Length: 1\r\n",
                "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
                "Content-Length: +5\r\n",
                "Content-Length: 5 \r\nContent-Length: x\r\n",
                "Transfer-Encoding: gzip, chunked\r\n",
                "Transfer-Encoding: Chunked\r\n",
                "Transfer-Encoding: identity\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Host: y\r\n",
            })
    void anAmbiguousRequestIsRefusedAndNothingAfterItIsRead(String headers) {
        try (Raw raw = new Raw(node.port())) {
            raw.send(POST + headers + "\r\n" + "1\r\n0\r\n\r\n" + SMUGGLED);

            Raw.Answer answer = raw.answer();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.says("Connection: close")).isTrue();
            assertProblem(answer, "malformed");
            assertThat(raw.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /hello HTTP/1.1\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost:\r\n\r\n",
                "GET /hello%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /hello HTTP/1.0\r\n\r\n",
                "GET /hello\r\n\r\n",
                "rubbish\r\n\r\n",
                "GE( /hello HTTP/1.1\r\nHost: x\r\n\r\n",
                "P\u00f2ST /hello HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: x\r\nSp ace: 1\r\n\r\n",
                "POST /bytes HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                "POST /bytes HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST /bytes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "POST /bytes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
            })
    void whatIsNoRequestIsRefusedWithAProblem(String request) {
        try (Raw raw = new Raw(node.port())) {
            Raw.Answer answer = raw.send(request).answer();

            assertThat(answer.status()).isEqualTo(400);
            assertProblem(answer, "malformed");
            assertThat(raw.rest()).isEmpty();
        }
    }

    @Test
    void aHeadThatIsTooLargeIsRefusedWithAProblem() {
        try (Raw raw = new Raw(node.port())) {
            Raw.Answer answer = raw.send("GET /hello?" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n")
                    .answer();
            assertThat(answer.status()).isEqualTo(414);
            assertProblem(answer, "malformed");
        }
        try (Raw raw = new Raw(node.port())) {
            Raw.Answer answer =
                    raw.send(GET + "X: " + "x".repeat(17_000) + "\r\n\r\n").answer();
            assertThat(answer.status()).isEqualTo(400);
            assertProblem(answer, "malformed");
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWithAProblemThatTheClientCanRead() {
        Reply declared = Hello.api(node).post("/bytes", new byte[200_000]);
        Reply streamed = Hello.api(node)
                .request(Hello.api(node)
                        .to("/bytes")
                        .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[200_000]))));

        assertThat(List.of(declared, streamed)).allSatisfy(reply -> {
            assertThat(reply.status()).isEqualTo(413);
            assertProblem(reply, "payload_too_large");
        });
    }

    @ParameterizedTest
    @CsvSource({"bug,500,internal", "overflow,500,internal", "sql,500,internal", "database,503,unavailable"})
    void whatFailsInsideIsToldWithoutTheInside(String how, int status, String code) {
        Reply reply = Hello.api(node).get("/fail/" + how);

        assertThat(reply.status()).isEqualTo(status);
        assertProblem(reply, code);
        assertThat(reply.json().path("retryable").asBoolean()).isEqualTo(status == 503);
        assertThat(reply.text()).doesNotContain("secret", "Exception", "SQL", "dev.natter.platform");
    }

    @Test
    void whatIsNotThereIsAProblemToo() {
        Reply reply = Hello.api(node).get("/nowhere");

        assertThat(reply.status()).isEqualTo(404);
        assertProblem(reply, "not_found");
    }

    @Test
    void aRequestIdIsTakenMadeAndReturned() {
        assertThat(Hello.api(node).with("X-Request-Id", "abc-1").get("/hello").header("X-Request-Id"))
                .isEqualTo("abc-1");
        assertThat(Hello.api(node)
                        .with("X-Request-Id", "not plain")
                        .get("/nowhere")
                        .header("X-Request-Id"))
                .matches("[0-9a-f-]{36}");
        Reply problem = Hello.api(node).with("X-Request-Id", "abc-2").get("/fail/bug");
        assertThat(problem.json().path("request_id").asString()).isEqualTo("abc-2");
    }

    @Test
    void aPageOfAKnownOriginMayCallAndReadWhatTheContractPromises() {
        Reply reply = Hello.api(node).with("Origin", "http://localhost:3000").get("/hello");
        Reply problem = Hello.api(node).with("Origin", "http://localhost:3000").get("/nowhere");

        assertThat(List.of(reply, problem)).allSatisfy(each -> {
            assertThat(each.header("Access-Control-Allow-Origin")).isEqualTo("http://localhost:3000");
            assertThat(each.header("Access-Control-Allow-Credentials")).isEqualTo("true");
            assertThat(each.header("Access-Control-Expose-Headers"))
                    .contains("Link", "Location", "ETag", "Retry-After", "RateLimit", "X-Request-Id", "Natter-Seq");
            assertThat(each.header("Vary")).isEqualTo("Origin");
        });
    }

    @Test
    void aPageOfAnotherOriginGetsNoLeave() {
        assertThat(Hello.api(node)
                        .with("Origin", "https://evil.example")
                        .get("/hello")
                        .headers()
                        .map())
                .doesNotContainKey("access-control-allow-origin");
        assertThat(preflight("https://evil.example", "/hello").status()).isEqualTo(403);
        assertThat(preflight("null", "/hello").status()).isEqualTo(403);
    }

    @Test
    void aPreflightIsAnsweredAndCached() {
        Reply reply = preflight("http://localhost:3000", "/hello/7");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("Access-Control-Allow-Methods")).contains("GET", "PUT", "PATCH", "DELETE");
        assertThat(reply.header("Access-Control-Allow-Headers")).contains("Authorization", "Idempotency-Key");
        assertThat(reply.header("Access-Control-Max-Age")).isEqualTo("7200");
    }

    @Test
    void aProblemOutsideOfTheRoutesTellsItsPageToo() {
        try (Raw raw = new Raw(node.port())) {
            Raw.Answer answer = raw.send(POST + "Origin: http://localhost:3000\r\nContent-Length: 999999\r\n\r\n")
                    .answer();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.says("Access-Control-Allow-Origin: http://localhost:3000"))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "Close", "keep-alive, close"})
    void aClientThatAsksToCloseIsClosed(String connection) {
        try (Raw raw = new Raw(node.port())) {
            Raw.Answer answer =
                    raw.send(GET + "Connection: " + connection + "\r\n\r\n").answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(raw.rest()).isEmpty();
        }
    }

    @Test
    void aConnectionServesManyRequestsAlsoAfterARefusalAndAnUnreadBody() {
        try (Raw raw = new Raw(node.port())) {
            raw.send(GET + "\r\n" + "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc" + GET + "\r\n");

            assertThat(raw.answer().status()).isEqualTo(200);
            assertThat(raw.answer().status()).isEqualTo(404);
            assertThat(raw.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatWaitsForLeaveIsNotTakenForARequest() {
        String head = "POST /nowhere HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ";
        try (Raw refused = new Raw(node.port());
                Raw welcome = new Raw(node.port())) {
            refused.send(head + SMUGGLED.length() + "\r\n\r\n" + SMUGGLED);
            welcome.send(head.replace("/nowhere", "/bytes") + "2\r\n\r\n");

            assertThat(refused.answer().status()).isEqualTo(404);
            assertThat(refused.rest()).isEmpty();
            assertThat(welcome.answer().status()).isEqualTo(100);
            assertThat(welcome.send("ab").answer().body()).isEqualTo("{\"bytes\":2}");
        }
    }

    @Test
    void anAnswerThatBreaksOffIsSeenToBeBroken() {
        try (Raw raw = new Raw(node.port())) {
            String answer =
                    raw.send("GET /stream/broken HTTP/1.1\r\nHost: x\r\n\r\n").rest();

            assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("\r\n0\r\n\r\n", "secret");
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleHarmsNobody() {
        try (Raw head = new Raw(node.port());
                Raw body = new Raw(node.port())) {
            head.send("GET /hello HTTP/1.1\r\nHo");
            body.send(POST + "Content-Length: 10\r\n\r\n12345");
        }
        assertThat(Hello.api(node).get("/hello").status()).isEqualTo(200);
    }

    private static Reply preflight(String origin, String path) {
        return Hello.api(node)
                .with("Origin", origin)
                .with("Access-Control-Request-Method", "PUT")
                .request(Hello.api(node).to(path).method("OPTIONS", BodyPublishers.noBody()));
    }

    private static void assertProblem(Raw.Answer answer, String code) {
        assertThat(answer.says("Content-Type: application/problem+json")).isTrue();
        assertProblem(Json.mapper().readTree(answer.body()), answer.status(), code);
    }

    private static void assertProblem(Reply reply, String code) {
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertProblem(reply.json(), reply.status(), code);
        assertThat(reply.json().path("request_id").asString()).isEqualTo(reply.header("X-Request-Id"));
    }

    private static void assertProblem(JsonNode problem, int status, String code) {
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("type").asString()).isEqualTo("https://natter.dev/problems/" + code);
        assertThat(problem.path("title").asString()).isNotBlank();
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(problem.path("request_id").asString()).isNotBlank();
        assertThat(problem.has("retryable")).isTrue();
    }
}
