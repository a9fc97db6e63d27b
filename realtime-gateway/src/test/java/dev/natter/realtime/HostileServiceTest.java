package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that mean harm, and that the others don't notice them. */
@Timeout(120)
class HostileServiceTest {
    private final Stage stage = Stage.open(
            "socket.silence", "PT3S",
            "socket.heartbeat", "PT0.5S",
            "socket.close.timeout", "PT0.5S",
            "server.head.timeout", "1",
            "room.linger", "PT0.5S");

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID eve = UUID.randomUUID();
    private final UUID chat = stage.log().chat(ann, bob);
    private Socket bystander;

    @BeforeEach
    void aBystanderIsThere() {
        bystander = stage.socket(ann);
        bystander.send(Stage.join(chat));
        bystander.await("joined_chat");
    }

    @AfterEach
    void end() {
        bystander.close();
        stage.close();
    }

    @Test
    void compressionIsNotAgreedToAndACompressedFrameCloses() {
        try (RawSocket raw = RawSocket.connect(stage.port(), 0)) {
            assertThat(raw.ask(upgrade("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")))
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContainIgnoringCase("Extensions");
            byte[] bomb = MaskedFrame.of(true, 1, new byte[1000]);
            bomb[0] |= 0x40;
            raw.send(bomb);
            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void aHandshakeThatNeverEndsIsCutAndNoSlotIsTaken() {
        var slow = new ArrayList<RawSocket>();
        for (int i = 0; i < 100; i++) {
            RawSocket raw = RawSocket.connect(stage.port(), 0);
            raw.send("GET /ws/".getBytes(StandardCharsets.US_ASCII));
            slow.add(raw);
        }
        delivers();
        slow.forEach(raw -> await().until(() -> raw.read() == null));
        delivers();
        assertThat(sockets()).isEqualTo(1);
    }

    @Test
    void aMessageThatNeverEndsIsSilence() {
        try (RawSocket raw = stage.raw(eve)) {
            raw.send(MaskedFrame.of(false, 1, new byte[] {'{'}));
            byte[] ping = MaskedFrame.of(true, 9, new byte[0]);
            await().pollInterval(Duration.ofMillis(200))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> {
                        raw.send(ping);
                        return sockets() == 1;
                    });
            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(4509);
        }
    }

    @Test
    void aFrameThatComesByTheByteIsSilenceToo() {
        try (RawSocket raw = stage.raw(eve)) {
            raw.send(MaskedFrame.header(true, 1, 60_000));
            await().pollInterval(Duration.ofMillis(200))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> {
                        raw.send(new byte[1]);
                        return sockets() == 1;
                    });
            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(4509);
        }
    }

    /** Their kernel still acknowledges, nobody is behind it; some have unread bytes on their way. */
    @Test
    void peersThatFellAsleepAreGoneAfterTheTimeOfSilence() {
        var asleep = new ArrayList<RawSocket>();
        for (int i = 0; i < 50; i++) {
            RawSocket raw = RawSocket.open(stage.port(), bob, stage.ground().token(bob), 4096);
            if (i % 2 == 0) {
                raw.send(MaskedFrame.text("{\"type\":\"join_chat\",\"chat_id\":\"" + chat + "\"}"));
            }
            asleep.add(raw);
        }
        await().until(() -> sockets() == 51);
        for (int i = 0; i < 20; i++) {
            delivers();
        }

        await().atMost(Duration.ofSeconds(6)).until(() -> sockets() == 1);
        assertThat(closes(4509)).isPositive();
        asleep.forEach(RawSocket::close);
    }

    @Test
    void twentyThousandJoinsOfOneSocketEndEarly() {
        long asked = stage.log().asked("/internal/heads");
        try (RawSocket raw = stage.raw(eve)) {
            var flood = new ArrayList<byte[]>();
            for (int i = 0; i < 20_000; i++) {
                flood.add(MaskedFrame.text("{\"type\":\"join_chat\",\"chat_id\":\"" + UUID.randomUUID() + "\"}"));
            }
            Thread.startVirtualThread(() -> raw.send(MaskedFrame.joined(flood.toArray(byte[][]::new))));
            for (int i = 0; i < 10; i++) {
                delivers();
            }
            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(4429);
        }
        assertThat(stage.log().asked("/internal/heads") - asked).isLessThan(1_000);
        assertThat(rooms()).isEqualTo(1);
    }

    @Test
    void twentyThousandJoinsInFewFramesCostFewQuestionsAndNothingIsLeft() {
        long asked = stage.log().asked("/internal/heads");
        try (Socket socket = stage.socket(eve)) {
            for (int i = 0; i < 40; i++) {
                var chats = new HashMap<String, Object>();
                while (chats.size() < 500) {
                    chats.put(UUID.randomUUID().toString(), 0);
                }
                socket.send(Map.of("type", "join_chats", "chats", chats));
                delivers();
            }
            await().until(() -> socket.frames("joined_chats").size() == 40);
            assertThat(socket.frames("joined_chats"))
                    .allSatisfy(frame -> assertThat(frame.path("inaccessible")).hasSize(500));
        }
        assertThat(stage.log().asked("/internal/heads") - asked).isLessThanOrEqualTo(40);
        assertThat(rooms()).isEqualTo(1);
    }

    /** The bystander gets what is sent, and soon. */
    private void delivers() {
        long began = System.nanoTime();
        long seq = stage.log().send(chat, ann, "as ever").publish().seq();
        bystander.await(frame -> frame.path("seq").asLong(0) == seq && frame.has("message"));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    private String upgrade(String headers) {
        return "GET /ws/" + eve + "?token=" + stage.ground().token(eve)
                + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + headers + "\r\n";
    }

    private long sockets() {
        return stage.metric("natter_realtime_sockets");
    }

    private long rooms() {
        return stage.metric("natter_realtime_rooms");
    }

    private long closes(int code) {
        return stage.metric("natter_realtime_closes_total{code=\"" + code + "\"");
    }
}
