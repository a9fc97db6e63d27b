package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Very many sockets that never read, while replays and deliveries go on. */
@Timeout(120)
class BacklogServiceTest {
    private static final int CHATS = 40;
    private static final int SOCKETS = 800;
    private static final long LIMIT = 4_000_000;

    private final Stage stage = Stage.open(
            "sockets.queue.bytes",
            Long.toString(LIMIT),
            "server.send.buffer",
            "16384",
            "sockets.per.user",
            Integer.toString(SOCKETS));

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final List<UUID> chats = new ArrayList<>();
    private final List<RawSocket> never = new ArrayList<>();

    @AfterEach
    void end() {
        never.forEach(RawSocket::close);
        stage.close();
    }

    @Test
    void memoryIsBoundedAndWhoReadsMissesNothing() {
        for (int i = 0; i < CHATS; i++) {
            chats.add(stage.log().chat(ann, bob));
            for (int j = 0; j < 10; j++) {
                stage.log().send(chats.get(i), ann, "x".repeat(4000));
            }
        }
        try (Socket reader = stage.socket(ann)) {
            for (UUID chat : chats) {
                reader.send(Stage.join(chat));
                reader.await("joined_chat");
            }
            for (int i = 0; i < SOCKETS; i++) {
                RawSocket raw = RawSocket.open(stage.port(), bob, stage.ground().token(bob), 4096);
                String since = i % 2 == 0 ? "\"since\":0," : "";
                raw.send(MaskedFrame.text(
                        "{\"type\":\"join_chat\"," + since + "\"chat_id\":\"" + chats.get(i / 2 % CHATS) + "\"}"));
                never.add(raw);
            }
            long most = 0;
            int round = 0;
            while (backlogCloses() == 0 || round < 50) {
                round++;
                for (UUID chat : chats) {
                    stage.log().send(chat, ann, "y".repeat(4000)).publish();
                }
                int messages = round * CHATS;
                await().until(() -> reader.frames("new_message").size() == messages);
                most = Math.max(most, backlog());
            }

            assertThat(most).isBetween(LIMIT / 2, LIMIT * 3 / 2);
            await().until(() -> backlog() <= LIMIT);
            assertThat(reader.frames("new_message")).hasSize(round * CHATS);
            never.forEach(RawSocket::close);
            await().until(() -> stage.metric("natter_realtime_sockets") == 1 && backlog() == 0);
        }
    }

    private long backlog() {
        return stage.metric("natter_realtime_backlog_bytes");
    }

    private long backlogCloses() {
        return stage.metric("natter_realtime_backlog_closes_total");
    }
}
