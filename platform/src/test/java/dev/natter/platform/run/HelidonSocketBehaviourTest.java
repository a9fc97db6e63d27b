package dev.natter.platform.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.DirectHandler;
import io.helidon.http.Headers;
import io.helidon.http.HttpException;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import io.helidon.websocket.WsUpgradeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How Helidon 4.1.2 itself behaves over WebSocket: the reason why the gateway takes the connection over after its own
 * handshake. A test that fails after an upgrade names a cure that may be deleted.
 */
class HelidonSocketBehaviourTest {
    private static final List<String> EVENTS = new CopyOnWriteArrayList<>();
    private static final AtomicInteger FILTERED = new AtomicInteger();
    private static final Logger NOISY = Logger.getLogger("io.helidon.webserver");
    private static WebServer server;

    /** Writes down what it is told. */
    private static final class Recorder implements WsListener {
        @Override
        public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) throws WsUpgradeException {
            switch (prologue.query().first("refuse").orElse("")) {
                case "request" ->
                    throw RequestException.builder()
                            .type(DirectHandler.EventType.OTHER)
                            .status(Status.UNAUTHORIZED_401)
                            .message("refused")
                            .build();
                case "http" -> throw new HttpException("refused", Status.UNAUTHORIZED_401);
                case "upgrade" -> throw new WsUpgradeException("refused");
                default -> EVENTS.add("upgrade");
            }
            return Optional.empty();
        }

        @Override
        public void onOpen(WsSession session) {
            EVENTS.add("open");
        }

        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            EVENTS.add("text " + text + " " + last);
        }

        @Override
        public void onPing(WsSession session, BufferData buffer) {
            EVENTS.add("ping");
        }

        @Override
        public void onClose(WsSession session, int status, String reason) {
            EVENTS.add("close");
        }

        @Override
        public void onError(WsSession session, Throwable failure) {
            EVENTS.add("error");
        }
    }

    @BeforeAll
    static void start() {
        NOISY.setLevel(Level.OFF);
        server = WebServer.builder()
                .host("127.0.0.1")
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ofMillis(50))
                .routing(HttpRouting.builder()
                        .addFilter((chain, request, response) -> {
                            FILTERED.incrementAndGet();
                            chain.proceed();
                        })
                        .get("/ws/{id}", (request, response) -> response.send("the route of the same path")))
                .addRouting(WsRouting.builder().endpoint("/ws/{id}", Recorder::new))
                .build()
                .start();
    }

    @AfterAll
    static void stop() {
        server.stop();
        NOISY.setLevel(null);
    }

    @BeforeEach
    void forget() {
        EVENTS.clear();
        FILTERED.set(0);
    }

    /** Cure: the gateway's handshake does for itself what the edge does for other requests. */
    @Test
    void anUpgradePassesNoFilterAndAnyOriginIsWelcome() {
        try (Raw raw = upgrade("/ws/1", "Origin: https://evil.example\r\n")) {
            assertThat(raw.answer().status()).isEqualTo(101);
            assertThat(FILTERED).hasValue(0);
        }
    }

    /** Cure: the gateway refuses by letting the request go on as the plain GET that it also is. */
    @Test
    void aRefusalIsAnsweredOnlyIfItIsARequestExceptionAndElseIsNotOne() {
        try (Raw raw = upgrade("/ws/1?refuse=request", "")) {
            assertThat(raw.answer().status()).isEqualTo(401);
        }
        try (Raw raw = upgrade("/ws/1?refuse=http", "")) {
            assertThat(raw.answer().status()).isEqualTo(500);
        }
        try (Raw raw = upgrade("/ws/1?refuse=upgrade", "")) {
            assertThat(raw.answer().body()).isEqualTo("the route of the same path");
            assertThat(FILTERED).hasValue(1);
        }
    }

    /** Cure: the gateway's own connection, whose end is always seen. */
    @Test
    void aPeerThatVanishesIsNeverToldOf() {
        try (Raw raw = upgrade("/ws/1", "")) {
            raw.answer();
            await().until(() -> EVENTS.contains("open"));
        }
        // A second peer comes and goes properly, so that the first one's end has surely been seen by then.
        try (Raw raw = upgrade("/ws/2", "")) {
            raw.answer();
            raw.send(frame(0x88, "\u0003\u00e8"));
            await().until(() -> EVENTS.contains("close"));
        }
        assertThat(EVENTS.stream().filter(event -> event.equals("open"))).hasSize(2);
        assertThat(EVENTS.stream().filter(event -> event.equals("close") || event.equals("error")))
                .hasSize(1);
    }

    /** Cure: the gateway's own connection. */
    @Test
    void aFrameWithoutAMaskEndsTheSocketWithoutTellingItsListener() {
        try (Raw raw = upgrade("/ws/1", "")) {
            raw.answer();
            assertThat(raw.send("\u0081\u0001x").rest()).contains("Unmasked");
            assertThat(EVENTS).doesNotContain("close", "error");
        }
    }

    /** Cure: the gateway answers. */
    @Test
    void aPingGetsNoPong() {
        try (Raw raw = upgrade("/ws/1", "")) {
            raw.answer();
            raw.send(frame(0x89, "x"));
            await().until(() -> EVENTS.contains("ping"));
            assertThat(raw.patience(200).all()).isEmpty();
        }
    }

    /** Cure: the gateway's reader joins fragments, within a limit for their sum. */
    @Test
    void fragmentsAreNotJoined() {
        try (Raw raw = upgrade("/ws/1", "")) {
            raw.answer();
            raw.send(frame(0x01, "a") + frame(0x80, "b"));
            await().untilAsserted(() -> assertThat(EVENTS).contains("text a false", "text b true"));
        }
    }

    /** Cure: the gateway's reader closes with 1007. */
    @Test
    void whatIsNotUtf8IsReplaced() {
        try (Raw raw = upgrade("/ws/1", "")) {
            raw.answer();
            raw.send(frame(0x81, "\u00ff"));
            await().untilAsserted(() -> assertThat(EVENTS).contains("text \ufffd true"));
        }
    }

    /** Cure: {@code Node} makes one, which all services fill. */
    @Test
    void ofTwoSocketRoutingsTheLastWins() {
        WebServer both = WebServer.builder()
                .host("127.0.0.1")
                .shutdownHook(false)
                .addRouting(WsRouting.builder().endpoint("/first", Recorder::new))
                .addRouting(WsRouting.builder().endpoint("/second", Recorder::new))
                .build()
                .start();
        try (Raw first = upgrade(both, "/first", "");
                Raw second = upgrade(both, "/second", "")) {
            assertThat(List.of(first.answer().status(), second.answer().status()))
                    .containsExactly(404, 101);
        } finally {
            both.stop();
        }
    }

    private static Raw upgrade(String path, String headers) {
        return upgrade(server, path, headers);
    }

    private static Raw upgrade(WebServer to, String path, String headers) {
        return new Raw(to.port())
                .send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers
                        + "\r\n");
    }

    /** A frame with a mask of zeros, which changes nothing. */
    private static String frame(int head, String payload) {
        return "" + (char) head + (char) (0x80 | payload.length()) + "\0\0\0\0" + payload;
    }
}
