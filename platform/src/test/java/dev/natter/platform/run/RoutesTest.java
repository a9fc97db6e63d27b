package dev.natter.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Api;
import dev.natter.testing.Reply;
import io.helidon.config.Config;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
    private static final String TOKEN = Hello.token();
    private static Node node;
    private static Hello hello;

    @BeforeAll
    static void start() {
        Config config = Hello.config(Map.of("server.trusted.proxies", "127.0.0.0/8"));
        hello = new Hello(config);
        node = Node.start(NodeConfig.from(config), List.of(hello));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer  ", "bearer"})
    void whoProvesNothingIsSentAway(String authorization) {
        Reply reply = api().with("Authorization", authorization).get("/hello/7");

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(reply.json().path("code").asString()).isEqualTo("unauthenticated");
    }

    @Test
    void theCallerIsKnownToTheHandler() {
        assertThat(api().as(TOKEN).get("/hello/7").json().path("user").asString())
                .isEqualTo(Hello.USER.toString());
        assertThat(api().with("Authorization", "bEARER " + TOKEN)
                        .get("/hello/7")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void twoTokensAreNone() {
        try (Raw raw = new Raw(node.port())) {
            String bearer = "Authorization: Bearer " + TOKEN + "\r\n";
            assertThat(raw.send("GET /hello/7 HTTP/1.1\r\nHost: x\r\n" + bearer + bearer + "\r\n")
                            .answer()
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aMethodThatIsNotThereIsToldWithThoseThatAre() {
        Reply reply = api().as(TOKEN).put("/hello/7", Map.of());

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS");
        assertThat(reply.json().path("code").asString()).isEqualTo("method_not_allowed");
        Reply options = api().request(api().to("/hello").method("OPTIONS", BodyPublishers.noBody()));
        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hello", "/hello/7", "/stream", "/nowhere", "/fail/bug"})
    void aHeadSaysWhatTheGetWouldHaveSaid(String path) {
        Reply get = api().as(TOKEN).get(path);
        Reply head = api().as(TOKEN).request(api().to(path).method("HEAD", BodyPublishers.noBody()));

        assertThat(head.status()).isEqualTo(get.status());
        assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
        assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(get.body().length));
    }

    @Test
    void aHeadHasNoBody() {
        try (Raw raw = new Raw(node.port())) {
            raw.send(
                    "HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\nHEAD /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

            assertThat(raw.rest().split("\r\n\r\n"))
                    .satisfiesExactly(
                            first -> assertThat(first).startsWith("HTTP/1.1 200"),
                            second -> assertThat(second).startsWith("HTTP/1.1 404"));
        }
    }

    @Test
    void onlyServicesOfTheInstallationPassToItsInternalRoutes() {
        Api internal = Hello.internal(node);

        assertThat(internal.get("/internal/hello").status()).isEqualTo(403);
        assertThat(internal.as(TOKEN).get("/internal/hello").status()).isEqualTo(403);
        assertThat(internal.with("Natter-Service", hello.secret().credential())
                        .get("/internal/hello")
                        .status())
                .isEqualTo(200);
        assertThat(api().with("Natter-Service", hello.secret().credential())
                        .get("/internal/hello")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aLimitIsToldAndKept() {
        Api client = api().with("X-Forwarded-For", "203.0.113.7");

        Reply first = client.post("/tight", null);
        client.post("/tight", null);
        Reply third = client.post("/tight", null);

        assertThat(first.status()).isEqualTo(204);
        assertThat(first.header("RateLimit")).matches("\"address\";r=5999;t=1, \"tight\";r=1;t=\\d+");
        assertThat(first.header("RateLimit-Policy")).isEqualTo("\"address\";q=6000;w=60, \"tight\";q=2;w=60");
        assertThat(third.status()).isEqualTo(429);
        assertThat(third.json().path("code").asString()).isEqualTo("rate_limited");
        assertThat(third.json().path("retryable").asBoolean()).isTrue();
        assertThat(Integer.parseInt(third.header("Retry-After"))).isBetween(1, 31);
        assertThat(third.header("RateLimit")).contains("\"tight\";r=0");
    }

    @Test
    void aLimitCountsEachClientOfTheProxyForItself() {
        for (int i = 0; i < 3; i++) {
            assertThat(api().with("X-Forwarded-For", "6.6.6.6, 203.0.113." + (100 + i))
                            .post("/tight", null)
                            .status())
                    .isEqualTo(204);
        }
    }

    @Test
    void aUserIsCountedAsOneFromEveryAddress() {
        Reply reply = api().as(TOKEN).get("/hello/7");

        assertThat(reply.header("RateLimit")).startsWith("\"user\";r=");
    }

    @Test
    void theTableTellsWhatWasRegistered() {
        assertThat(hello.open.table())
                .extracting(route -> route.method() + " " + route.path())
                .contains("GET /hello", "POST /hello", "DELETE /hello/{id}", "POST /tight")
                .doesNotContain("HEAD /hello");
    }

    private static Api api() {
        return Hello.api(node);
    }
}
