package dev.natter.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How Helidon 4.1.2 itself behaves, without Natter's edge: the reason for each of its cures. A test that fails after an
 * upgrade names a cure that may be deleted.
 */
class HelidonBehaviourTest {
    private static final String POST = "POST /echo HTTP/1.1\r\nHost: x\r\n";
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final List<Logger> NOISY = List.of(
            Logger.getLogger("io.helidon.http.DirectHandler"),
            Logger.getLogger("io.helidon.webserver.http.DirectHandlers"),
            Logger.getLogger("io.helidon.webserver.http1"));
    private static WebServer server;

    @BeforeAll
    static void start() {
        NOISY.forEach(logger -> logger.setLevel(Level.OFF));
        server = server(HttpRouting.builder()
                .post(
                        "/echo",
                        (request, response) -> response.send(request.content().as(String.class)))
                .get("/next", (request, response) -> response.send("next"))
                .get("/thing/{id}", (request, response) -> response.send("thing"))
                .get("/bug", (request, response) -> {
                    throw new IllegalStateException("secret inner workings");
                })
                .get(
                        "/unchanged",
                        (request, response) -> response.status(Status.NOT_MODIFIED_304)
                                .header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, "5"))
                                .send())
                .get("/broken-stream", (request, response) -> {
                    OutputStream out = response.outputStream();
                    out.write(new byte[10_000]);
                    out.write(new byte[10_000]);
                    throw new IllegalStateException("secret inner workings");
                })
                .route(Method.HEAD, "/head", (request, response) -> response.send("a body")));
    }

    @AfterAll
    static void stop() {
        server.stop();
        NOISY.forEach(logger -> logger.setLevel(null));
    }

    /** Cure: {@code Framing}. */
    @Test
    void ofTwoLengthsTheFirstWinsAndTheRestIsTheNextRequest() {
        assertThat(answers(POST + "Content-Length: 1\r\nContent-Length: 40\r\n\r\nx" + NEXT))
                .endsWith("next");
    }

    /** Cure: {@code Framing}. */
    @Test
    void aLengthBesideChunkedIsAccepted() {
        assertThat(answers(POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n" + NEXT))
                .endsWith("next");
    }

    /** Cure: {@code Framing}. */
    @Test
    void aLengthMayHaveASign() {
        assertThat(answers(POST + "Content-Length: +1\r\n\r\nx" + NEXT)).endsWith("next");
        assertThat(answers(POST + "Content-Length: -5\r\n\r\n")).doesNotStartWith("HTTP/1.1 400");
    }

    /** Cure: {@code Framing}. */
    @Test
    void anUnknownCodingMeansNoBodySoThatTheBodyIsTheNextRequest() {
        assertThat(answers("GET /next HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n" + NEXT))
                .containsSubsequence("HTTP/1.1 200", "next", "HTTP/1.1 200", "next");
    }

    /** Cure: {@code Framing}. */
    @Test
    void aRequestNeedsNoHost() {
        assertThat(answers("GET /next HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    /** Cure: {@code Framing.chunked}. */
    @Test
    void aChunkSizeThatIsNoneIsNotABadRequest() {
        assertThat(answers(POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"))
                .doesNotStartWith("HTTP/1.1 400");
    }

    /** Cure: {@code Edge}, which closes after an answer that says so. */
    @Test
    void aConnectionThatWasAnnouncedClosedIsReadOn() {
        try (Raw raw = new Raw(server.port())) {
            raw.send("GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + NEXT);

            assertThat(raw.answer().says("Connection: close")).isTrue();
            assertThat(raw.answer().body()).isEqualTo("next");
        }
    }

    /** Cure: {@code Edge}'s error handler and {@code Failures}. */
    @Test
    void theMessageOfAnExceptionIsTheBody() {
        assertThat(answers("GET /bug HTTP/1.1\r\nHost: x\r\n\r\n")).contains("secret inner workings");
    }

    /** Cure: {@code DirectAnswers}. */
    @Test
    void aMethodThatIsNoTokenIsAServerError() {
        assertThat(answers("GE( /next HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 500");
    }

    /** Cure: {@code DirectAnswers}. */
    @Test
    void whatCannotBeParsedIsAnsweredAsPlainText() {
        assertThat(answers("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .doesNotContain("json");
    }

    /** Cure: {@code Listener} cuts the connection, so that the client sees that something is missing. */
    @Test
    void aFailureAfterTheFirstByteLooksLikeTheEnd() {
        assertThat(answers("GET /broken-stream HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n0\r\n\r\n");
    }

    /** Cure: media-service answers 304 without a length. */
    @Test
    void anUnchangedAnswerWithALengthIsAServerError() {
        assertThat(answers("GET /unchanged HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 500");
    }

    /** Cure: {@code Listener} registers HEAD with GET and answers 405 and OPTIONS last. */
    @Test
    void onlyTheMethodsThatWereRegisteredExist() {
        assertThat(List.of("HEAD", "OPTIONS", "PUT"))
                .allSatisfy(method -> assertThat(answers(method + " /next HTTP/1.1\r\nHost: x\r\n\r\n"))
                        .startsWith("HTTP/1.1 404"));
    }

    /** Cure: {@code HeadResponse}. */
    @Test
    void theAnswerToAHeadHasABody() {
        assertThat(answers("HEAD /head HTTP/1.1\r\nHost: x\r\n\r\n")).endsWith("a body");
    }

    /** No cure: ids that need escapes name nothing. */
    @Test
    void anEscapedSlashNeverMatchesAParameter() {
        assertThat(answers("GET /thing/a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 404");
        assertThat(answers("GET /x/../next HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    /** Cure: {@code Node} makes one routing for a listener, which all services fill. */
    @Test
    void ofTwoRoutingsTheLastWins() {
        WebServer both = WebServer.builder()
                .host("127.0.0.1")
                .routing(routing -> routing.get("/first", (request, response) -> response.send("first")))
                .routing(routing -> routing.get("/second", (request, response) -> response.send("second")))
                .build()
                .start();
        try {
            assertThat(answers(both, "GET /first HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 404");
            assertThat(answers(both, "GET /second HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 200");
        } finally {
            both.stop();
        }
    }

    /** Cure: the same. What else is strange about WebSocket, realtime-gateway records. */
    @Test
    void ofTwoSocketRoutingsTheLastWins() {
        WebServer both = WebServer.builder()
                .host("127.0.0.1")
                .shutdownHook(false)
                .addRouting(WsRouting.builder().endpoint("/first", () -> new WsListener() {}))
                .addRouting(WsRouting.builder().endpoint("/second", () -> new WsListener() {}))
                .build()
                .start();
        try {
            assertThat(answers(both, upgrade("/first"))).startsWith("HTTP/1.1 404");
            assertThat(answers(both, upgrade("/second"))).startsWith("HTTP/1.1 101");
        } finally {
            both.stop();
        }
    }

    private static String upgrade(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    }

    /** Cure: {@code Node} sets it. */
    @Test
    void smallWritesAreDelayedByDefault() {
        assertThat(SocketOptions.create().tcpNoDelay()).isFalse();
    }

    /** Cure: {@code Connections}. */
    @Test
    void aClientThatStallsInABodyIsNeverClosed() {
        WebServer impatient = WebServer.builder()
                .host("127.0.0.1")
                .idleConnectionTimeout(Duration.ofMillis(50))
                .idleConnectionPeriod(Duration.ofMillis(50))
                .shutdownGracePeriod(Duration.ofMillis(1))
                .routing(routing -> routing.post(
                        "/echo",
                        (request, response) -> response.send(request.content().as(String.class))))
                .build()
                .start();
        try (Raw stalled = new Raw(impatient.port());
                Raw idle = new Raw(impatient.port())) {
            stalled.send(POST + "Content-Length: 5\r\n\r\nab");

            assertThat(idle.isClosedByServer()).isTrue();
            assertThat(stalled.patience(500).isClosedByServer()).isFalse();
            assertThat(stalled.send("cde").answer().body()).isEqualTo("abcde");
        } finally {
            impatient.stop();
        }
    }

    private static WebServer server(HttpRouting.Builder routing) {
        return WebServer.builder()
                .host("127.0.0.1")
                .shutdownHook(false)
                .routing(routing)
                .build()
                .start();
    }

    private static String answers(String request) {
        return answers(server, request);
    }

    /** Everything that the server says within a moment of silence. */
    private static String answers(WebServer to, String request) {
        try (Raw raw = new Raw(to.port())) {
            return raw.send(request).patience(300).all();
        }
    }
}
