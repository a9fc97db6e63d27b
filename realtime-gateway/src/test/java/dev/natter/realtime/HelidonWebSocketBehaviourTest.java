package dev.natter.realtime;

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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What Helidon's own WebSocket does, and why the gateway has its own {@link Socket}. A test that fails after an upgrade
 * of Helidon names a reason that is gone; when all are gone, {@link FrameReader}, {@link Upgrader} and half of
 * {@link Socket} can go too.
 */
class HelidonWebSocketBehaviourTest {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> filtered = new CopyOnWriteArrayList<>();
    private final WebServer server = WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .shutdownHook(false)
            .routing(HttpRouting.builder()
                    .addFilter((chain, request, response) -> {
                        filtered.add(request.path().path());
                        chain.proceed();
                    })
                    .get("/ws/{user_id}", (request, response) -> response.send("the route of the same path")))
            .addRouting(WsRouting.builder().endpoint("/ws/{user_id}", Recorder::new))
            .build()
            .start();

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void nobodyIsToldThatAPeerVanished() {
        RawSocket raw = open();
        await().until(() -> calls.contains("open"));
        raw.reset();
        try (RawSocket unmasked = open()) {
            unmasked.send(new byte[] {(byte) 0x81, 1, 'a'});
            unmasked.read();
        }

        try (RawSocket orderly = open()) {
            orderly.send(MaskedFrame.of(true, 8, new byte[] {3, (byte) 0xE8}));
            await().until(() -> calls.contains("close 1000"));
        }
        assertThat(calls).containsOnlyOnce("close 1000").doesNotContain("error");
    }

    @Test
    void pingsAreNotAnswered() {
        try (RawSocket raw = open()) {
            raw.send(MaskedFrame.of(true, 9, new byte[0]));
            raw.send(MaskedFrame.text("after"));

            assertThat(raw.read().opcode()).isEqualTo(RawSocket.TEXT);
            assertThat(calls).contains("ping");
        }
    }

    @Test
    void invalidUtf8IsReplacedSilently() {
        try (RawSocket raw = open()) {
            raw.send(MaskedFrame.of(true, 1, new byte[] {(byte) 0xFF}));

            assertThat(raw.read().text()).isEqualTo("\uFFFD true");
        }
    }

    @Test
    void aNewMessageInsideOfAFragmentedOneIsAccepted() {
        try (RawSocket raw = open()) {
            raw.send(MaskedFrame.of(false, 1, new byte[] {'a'}));
            raw.send(MaskedFrame.text("b"));

            assertThat(raw.read().text()).isEqualTo("a false");
            assertThat(raw.read().text()).isEqualTo("b true");
        }
    }

    @Test
    void aMessageOfFragmentsHasNoLimit() {
        try (RawSocket raw = open()) {
            raw.send(MaskedFrame.of(false, 1, new byte[0]));
            for (int i = 0; i < 5000; i++) {
                raw.send(MaskedFrame.of(false, 0, new byte[0]));
            }
            await().until(() -> calls.stream().filter("message"::equals).count() == 5001);
        }
    }

    @Test
    void anyOriginMayConnect() {
        try (RawSocket raw = RawSocket.connect(server.port(), 0)) {
            assertThat(raw.ask(upgrade("/ws/x", "Origin: https://evil.example\r\n")))
                    .startsWith("HTTP/1.1 101");
        }
    }

    @Test
    void aRefusalIsAnsweredOnlyIfItIsARequestExceptionAndElseIsNotOne() {
        assertThat(refused("request")).startsWith("HTTP/1.1 401");
        assertThat(refused("http")).startsWith("HTTP/1.1 500");
        assertThat(filtered).isEmpty();

        assertThat(refused("upgrade")).startsWith("HTTP/1.1 200");
        assertThat(filtered).hasSize(1);
    }

    @Test
    void filtersDoNotSeeUpgrades() {
        open().close();

        assertThat(filtered).isEmpty();
    }

    private String refused(String how) {
        try (RawSocket raw = RawSocket.connect(server.port(), 0)) {
            return raw.ask(upgrade("/ws/x?refuse=" + how, ""));
        }
    }

    private static String upgrade(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n";
    }

    private RawSocket open() {
        return RawSocket.open(server.port(), UUID.randomUUID(), "any");
    }

    private final class Recorder implements WsListener {
        @Override
        public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) throws WsUpgradeException {
            return switch (prologue.query().first("refuse").orElse("")) {
                case "request" ->
                    throw RequestException.builder()
                            .type(DirectHandler.EventType.OTHER)
                            .status(Status.UNAUTHORIZED_401)
                            .message("refused")
                            .build();
                case "http" -> throw new HttpException("refused", Status.UNAUTHORIZED_401);
                case "upgrade" -> throw new WsUpgradeException("refused");
                default -> Optional.empty();
            };
        }

        @Override
        public void onOpen(WsSession session) {
            calls.add("open");
        }

        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            calls.add("message");
            if (!text.isEmpty()) {
                session.send(text + " " + last, true);
            }
        }

        @Override
        public void onPing(WsSession session, BufferData buffer) {
            calls.add("ping");
        }

        @Override
        public void onClose(WsSession session, int status, String reason) {
            calls.add("close " + status);
        }

        @Override
        public void onError(WsSession session, Throwable failure) {
            calls.add("error");
        }
    }
}
