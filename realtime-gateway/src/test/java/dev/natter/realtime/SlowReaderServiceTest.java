package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that don't read, or not fast enough. */
class SlowReaderServiceTest {
    private final Stage stage = Stage.open("socket.queue.bytes", "200000", "socket.close.timeout", "PT1S");

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID chat = stage.log().chat(ann, bob);

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aReaderWhoIsTooSlowIsClosedAndDelaysNobody() {
        try (RawSocket slow = RawSocket.open(stage.port(), ann, stage.ground().token(ann), 4096);
                Socket fast = stage.socket(bob)) {
            slow.send(MaskedFrame.text("{\"type\":\"join_chat\",\"chat_id\":\"" + chat + "\"}"));
            slow.readText("\"joined_chat\"");
            fast.send(Stage.join(chat));
            fast.await("joined_chat");

            String large = "x".repeat(4000);
            for (int i = 1; i <= 2500; i++) {
                long seq = stage.log().send(chat, bob, large).publish().seq();
                if (i % 20 == 0) {
                    fast.await(frame -> frame.path("seq").asLong(0) == seq
                            && frame.path("type").stringValue().equals("new_message"));
                }
            }

            RawSocket.Raw end = slow.read(RawSocket.CLOSE);
            assertThat(end == null || end.closeCode() == 4508).isTrue();
            await().until(() -> sockets() == 1);
        }
    }

    @Test
    void aReaderWhoWakesUpInTimeIsToldThatItWasTooSlow() {
        try (RawSocket slow = RawSocket.open(stage.port(), ann, stage.ground().token(ann), 4096);
                Socket fast = stage.socket(bob)) {
            slow.send(MaskedFrame.text("{\"type\":\"join_chat\",\"chat_id\":\"" + chat + "\"}"));
            slow.readText("\"joined_chat\"");
            fast.send(Stage.join(chat));
            fast.await("joined_chat");
            long before = tooSlow();
            String large = "x".repeat(4000);
            for (int i = 0; tooSlow() == before; i++) {
                assertThat(i).isLessThan(10_000);
                long seq = stage.log().send(chat, bob, large).publish().seq();
                fast.await(frame -> frame.path("seq").asLong(0) == seq);
            }

            assertThat(slow.read(RawSocket.CLOSE).closeCode()).isEqualTo(4508);
        }
    }

    private long sockets() {
        return stage.metric("natter_realtime_sockets");
    }

    private long tooSlow() {
        return stage.metric("natter_realtime_closes_total{code=\"4508\"");
    }
}
