package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Api;
import dev.natter.testing.Ground;
import dev.natter.testing.Reply;
import dev.natter.testing.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who gets a socket, and what the others are told. */
class UpgradeServiceTest {
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();
    private final String token = stage.ground().token(ann);

    @BeforeAll
    static void begin() {
        stage = Stage.open("sockets.per.user", "3");
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void theTokenMayComeInAnyOfThreePlaces() {
        List<Socket> sockets = List.of(
                Socket.open(stage.uri("/ws/" + ann + "?token=" + token), Map.of()),
                Socket.open(stage.uri("/ws/" + ann), Map.of("Authorization", "bearer " + token)),
                Socket.open(stage.uri("/ws/" + ann), Map.of("Sec-WebSocket-Protocol", "bearer, " + token)));

        sockets.forEach(socket -> socket.await("hello"));
        sockets.forEach(Socket::close);
    }

    @Test
    void whatComesWithTheUpgradeIsTakenToo() {
        try (RawSocket raw = RawSocket.connect(stage.port(), 0)) {
            byte[] request = upgrade("/ws/" + ann + "?token=" + token).getBytes(StandardCharsets.US_ASCII);
            raw.send(MaskedFrame.joined(
                    request, MaskedFrame.of(true, RawSocket.PING, "early".getBytes(StandardCharsets.US_ASCII))));

            assertThat(raw.ask("")).startsWith("HTTP/1.1 101 ");
            assertThat(List.of(raw.read(), raw.read()))
                    .extracting(RawSocket.Raw::opcode)
                    .containsExactly(RawSocket.TEXT, RawSocket.PONG);
        }
    }

    @Test
    void theProtocolMayBeNamedInAnyCaseAndBesideOthers() {
        for (String protocol : List.of("WebSocket", "WEBSOCKET", "h2c, websocket", "websocket, h2c")) {
            UUID someone = UUID.randomUUID();
            try (RawSocket raw = RawSocket.connect(stage.port(), 0)) {
                assertThat(raw.ask(upgrade("/ws/" + someone + "?token="
                                        + stage.ground().token(someone))
                                .replace("Upgrade: websocket", "Upgrade: " + protocol)))
                        .as(protocol)
                        .startsWith("HTTP/1.1 101 ");
            }
        }
    }

    @Test
    void theBearerProtocolIsChosenAndTheRequestIdReturned() {
        try (RawSocket raw = RawSocket.connect(stage.port(), 0)) {
            String head =
                    raw.ask(upgrade("/ws/" + ann, "Sec-WebSocket-Protocol: bearer, " + token, "X-Request-Id: me-1"));

            assertThat(head)
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("\r\nSec-WebSocket-Protocol: bearer\r\n")
                    .contains("\r\nX-Request-Id: me-1\r\n")
                    .doesNotContain("Extensions");
        }
    }

    @Test
    void withoutAValidTokenTheUpgradeIsRefused() {
        String other = Ground.sign(
                Map.of("alg", "HS256", "typ", "at+jwt", "kid", Ground.KEY_ID),
                Map.of("sub", ann.toString()),
                "another key of thirty-two bytes..");
        String none = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
        for (String bad : List.of(
                "", "x", other, stage.ground().token(ann, Duration.ofHours(-1)), "eyJhbGciOiJub25lIn0." + none + ".")) {
            assertThat(refused("/ws/" + ann + "?token=" + bad)).as(bad).isEqualTo(401);
        }
        assertThat(refused("/ws/" + ann)).isEqualTo(401);
        assertThat(refused("/ws/" + ann + "?token=" + token, "Authorization: Basic " + token))
                .isEqualTo(401);
    }

    @Test
    void anotherUsersPathIsForbidden() {
        assertThat(refused("/ws/" + UUID.randomUUID() + "?token=" + token)).isEqualTo(403);
        assertThat(refused("/ws/nobody?token=" + token)).isEqualTo(403);
        assertThat(refused("/ws/" + ann.toString().toUpperCase() + "x?token=" + token))
                .isEqualTo(403);
    }

    @Test
    void aPageOfAForeignOriginIsForbidden() {
        for (String origin :
                List.of("https://evil.example", "null", "http://localhost:3000.evil.example", "http://localhost")) {
            assertThat(refused("/ws/" + ann + "?token=" + token, "Origin: " + origin))
                    .as(origin)
                    .isEqualTo(403);
        }
        try (RawSocket raw = RawSocket.connect(stage.port(), 0)) {
            assertThat(raw.ask(upgrade("/ws/" + ann + "?token=" + token, "Origin: http://localhost:3000")))
                    .startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void arefusalIsAProblemLikeAnyOther() {
        Reply reply = new Api(stage.http("/")).with("X-Request-Id", "me-2").get("/ws/" + ann);

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.header("WWW-Authenticate")).isNotNull();
        assertThat(reply.header("X-Request-Id")).isEqualTo("me-2");
        assertThat(reply.json().path("code").stringValue()).isEqualTo("unauthenticated");
        assertThat(reply.json().path("request_id").stringValue()).isEqualTo("me-2");
    }

    @Test
    void whatIsNoUpgradeIsToldToUpgrade() {
        Reply reply = new Api(stage.http("/")).as(token).get("/ws/" + ann);
        assertThat(reply.status()).isEqualTo(426);
        assertThat(reply.json().path("code").stringValue()).isEqualTo("upgrade_required");

        String path = "/ws/" + ann + "?token=" + token;
        assertThat(status(upgrade(path).replace("Version: 13", "Version: 8"))).isEqualTo(426);
        assertThat(status(upgrade(path).replace("dGhlIHNhbXBsZSBub25jZQ==", "short")))
                .isEqualTo(400);
        assertThat(status(upgrade(path).replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=")))
                .isEqualTo(400);
        assertThat(status(upgrade(path).replace("Connection: Upgrade", "Connection: close")))
                .isEqualTo(426);
        assertThat(status(upgrade(path, "Content-Length: 5") + "hello")).isEqualTo(400);
        assertThat(status(upgrade(path).replace("GET ", "POST "))).isEqualTo(405);
        assertThat(status(upgrade("/ws"))).isEqualTo(404);
    }

    @Test
    void aUserMayHaveOnlySoManySocketsAtOnce() {
        var sockets = new ArrayList<Socket>();
        for (int i = 0; i < 3; i++) {
            sockets.add(stage.socket(ann));
        }
        assertThat(refused("/ws/" + ann + "?token=" + token)).isEqualTo(429);
        sockets.removeFirst().close();

        Awaitility.await().ignoreExceptions().until(() -> sockets.add(stage.socket(ann)));
        sockets.forEach(Socket::close);
    }

    @Test
    void withMessageServiceNeverReachedHelloHasNoEpoch() {
        try (Stage lonely = Stage.open("message.url", "http://127.0.0.1:1")) {
            UUID chat = UUID.randomUUID();
            try (Socket socket = Socket.open(
                    lonely.uri("/ws/" + ann + "?token=" + lonely.ground().token(ann)), Map.of())) {
                assertThat(socket.await("hello").path("epoch").isNull()).isTrue();
                socket.send(Stage.join(chat));
                var error = socket.await("error");
                assertThat(error.path("code").stringValue()).isEqualTo("unavailable");
                assertThat(error.path("retryable").booleanValue()).isTrue();
                assertThat(error.path("retry_after_ms").longValue()).isPositive();
            }
        }
    }

    private int refused(String path, String... headers) {
        var map = new LinkedHashMap<String, String>();
        for (String header : headers) {
            map.put(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
        }
        return map.isEmpty() ? Socket.refused(uri(path), map) : status(upgrade(path, headers));
    }

    private static URI uri(String path) {
        return stage.uri(path);
    }

    private static int status(String request) {
        try (RawSocket raw = RawSocket.connect(stage.port(), 0)) {
            return Integer.parseInt(raw.ask(request).substring(9, 12));
        }
    }

    private static String upgrade(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + String.join(
                        "",
                        List.of(headers).stream().map(header -> header + "\r\n").toList())
                + "\r\n";
    }
}
