package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What happens to clients that don't keep to the protocol. */
class ProtocolServiceTest {
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();
    private final UUID chat = stage.log().chat(ann);

    @BeforeAll
    static void begin() {
        stage = Stage.open("socket.frames.burst", "100", "socket.frames.per.second", "10", "socket.chats", "3");
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void aBadFrameGetsAnErrorAndManyInARowCloseTheSocket() {
        try (Socket socket = stage.socket(ann)) {
            socket.sendRaw("{\"type\":");
            JsonNode error = socket.await("error");
            assertThat(error.path("code").stringValue()).isEqualTo("malformed");
            assertThat(error.path("retryable").booleanValue()).isFalse();
            assertThat(error.has("retry_after_ms")).isFalse();
            socket.sendBinary(new byte[] {1, 2, 3});
            assertThat(socket.await("error").path("code").stringValue()).isEqualTo("malformed");
            socket.sendRaw(Map.of("type", "join_chat", "ref", "r"));
            error = socket.await("error");
            assertThat(error.path("code").stringValue()).isEqualTo("validation_failed");
            assertThat(error.path("ref").stringValue()).isEqualTo("r");
            socket.send(Map.of("type", "ping"));
            socket.await("pong");

            for (int i = 0; i < 10; i++) {
                socket.sendRaw("nonsense");
            }
            assertThat(socket.awaitClose()).isEqualTo(4400);
        }
    }

    @Test
    void aFloodIsToldToSlowDownAndThenClosed() {
        try (RawSocket raw = stage.raw(ann)) {
            byte[] ping = MaskedFrame.text("{\"type\":\"ping\"}");
            for (int i = 0; i < 250; i++) {
                raw.send(ping);
            }
            String error = raw.readText("rate_limited");
            assertThat(error).contains("\"retryable\":true").contains("\"retry_after_ms\":");
            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(4429);
        }
    }

    @Test
    void aFloodOfPingFramesIsNoBetter() {
        try (RawSocket raw = stage.raw(ann)) {
            byte[] ping = MaskedFrame.of(true, 9, new byte[0]);
            for (int i = 0; i < 250; i++) {
                raw.send(ping);
            }
            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(4429);
        }
    }

    @Test
    void aSocketJoinsOnlySoManyChats() {
        try (Socket socket = stage.socket(ann)) {
            for (int i = 0; i < 3; i++) {
                socket.send(Stage.join(stage.log().chat(ann)));
                socket.await("joined_chat");
            }
            UUID fourth = stage.log().chat(ann);
            socket.send(Stage.join(fourth));
            assertThat(socket.await("error").path("code").stringValue()).isEqualTo("too_many_chats");
        }
    }

    @Test
    void aClientsPingIsAnsweredWithItsPayload() {
        try (RawSocket raw = stage.raw(ann)) {
            raw.send(MaskedFrame.of(true, 9, "are you there".getBytes(StandardCharsets.UTF_8)));

            assertThat(raw.read(RawSocket.PONG).text()).isEqualTo("are you there");
        }
    }

    @Test
    void aMessageInFragmentsIsUnderstood() {
        try (RawSocket raw = stage.raw(ann)) {
            raw.send(MaskedFrame.of(false, 1, "{\"type\":\"pi".getBytes(StandardCharsets.UTF_8)));
            raw.send(MaskedFrame.of(true, 9, new byte[0]));
            raw.send(MaskedFrame.of(true, 0, "ng\",\"ref\":\"whole\"}".getBytes(StandardCharsets.UTF_8)));

            assertThat(raw.readText("pong")).contains("\"ref\":\"whole\"");
        }
    }

    @Test
    void theLargestFrameIsTakenAndOneByteMoreCloses() {
        String head = "{\"type\":\"ping\",\"pad\":\"";
        String largest = head + "x".repeat(65536 - head.length() - 2) + "\"}";
        try (RawSocket raw = stage.raw(ann)) {
            raw.send(MaskedFrame.text(largest));
            raw.readText("pong");
            raw.send(MaskedFrame.text(largest + " "));
            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(1009);
            assertThat(raw.read()).isNull();
        }
    }

    @Test
    void fragmentsCountTogether() {
        try (RawSocket raw = stage.raw(ann)) {
            raw.send(MaskedFrame.of(false, 1, new byte[40_000]));
            raw.send(MaskedFrame.of(false, 0, new byte[40_000]));

            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void theCloseFrameArrivesEvenIfMuchIsStillOnItsWay() {
        try (RawSocket raw = stage.raw(ann)) {
            raw.send(MaskedFrame.header(true, 1, 1_000_000));
            raw.send(new byte[1_000_000]);

            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void brokenFramesCloseWithTheirCode() {
        closes(1007, MaskedFrame.of(true, 1, new byte[] {'"', (byte) 0xC3, '"'}));
        closes(1002, new byte[] {(byte) 0x81, 1, 'a'});
        closes(1002, MaskedFrame.of(true, 3, new byte[0]));
        closes(1002, MaskedFrame.of(true, 0, new byte[0]));
        closes(1002, MaskedFrame.of(false, 9, new byte[0]));
        closes(1002, MaskedFrame.of(true, 8, new byte[] {3, (byte) 0xE7}));
    }

    @Test
    void goodbyeIsAnsweredWithGoodbye() {
        closes(1000, MaskedFrame.of(true, 8, new byte[] {3, (byte) 0xE8}));
        closes(1001, MaskedFrame.of(true, 8, new byte[] {3, (byte) 0xE9}));
        closes(1000, MaskedFrame.of(true, 8, new byte[0]));
    }

    @Test
    void framesThatFollowTheHandshakeAtOnceAreNotLost() {
        String request = "GET /ws/" + ann + "?token=" + stage.ground().token(ann) + " HTTP/1.1\r\nHost: x\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        try (RawSocket raw = RawSocket.connect(stage.port(), 0)) {
            raw.send(MaskedFrame.joined(
                    request.getBytes(StandardCharsets.US_ASCII), MaskedFrame.text("{\"type\":\"ping\"}")));
            assertThat(raw.ask("")).startsWith("HTTP/1.1 101 ");
            raw.readText("pong");
        }
    }

    @Test
    void joiningTwiceIsBeingInOnce() {
        try (Socket socket = stage.socket(ann)) {
            socket.send(Stage.join(chat));
            socket.await("joined_chat");
            socket.send(Stage.join(chat));
            socket.await("joined_chat");
            stage.log().send(chat, ann, "once").publish();
            socket.await("new_message");
            stage.log().send(chat, ann, "again").publish();
            socket.await("new_message");

            assertThat(socket.frames("new_message")).hasSize(2);
        }
    }

    private void closes(int code, byte[] frame) {
        try (RawSocket raw = stage.raw(ann)) {
            raw.send(frame);
            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(code);
        }
    }
}
