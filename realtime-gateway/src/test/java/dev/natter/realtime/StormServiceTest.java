package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everybody comes back at once. */
class StormServiceTest {
    private static final int CLIENTS = 1_000;
    private static final int CHATS = 20;

    @Test
    void aThousandClientsAreAllBackAfterARestartWithoutAQueryEach() throws InterruptedException {
        List<UUID> users = Stream.generate(UUID::randomUUID).limit(CLIENTS).toList();
        try (Stage stage = Stage.open()) {
            List<UUID> chats = Stream.generate(() -> stage.log().chat(users.toArray(UUID[]::new)))
                    .limit(CHATS)
                    .toList();
            for (UUID chat : chats) {
                for (int i = 0; i < 30; i++) {
                    stage.log().send(chat, users.getFirst(), "m" + i);
                }
                stage.log().edit(chat, 3, "edited");
                stage.log().delete(chat, 25);
            }
            stage.restart();
            var failures = new ArrayList<Throwable>();
            var sockets = new ArrayList<RawSocket>();
            try {
                users.forEach(user -> sockets.add(stage.raw(user)));
                long heads = stage.log().asked("/internal/heads");

                List<Thread> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    RawSocket socket = sockets.get(i);
                    UUID chat = chats.get(i % CHATS);
                    clients.add(Thread.ofVirtual()
                            .uncaughtExceptionHandler((_, failure) -> {
                                synchronized (failures) {
                                    failures.add(failure);
                                }
                            })
                            .start(() -> comeBack(socket, chat)));
                }
                for (Thread client : clients) {
                    client.join();
                }

                assertThat(failures).isEmpty();
                assertThat(stage.log().asked(".*/changes"))
                        .as("the log of each chat is read once")
                        .isEqualTo(CHATS);
                assertThat(stage.log().asked("/internal/heads") - heads)
                        .as("heads are asked for many at a time")
                        .isLessThan(CLIENTS / 4);
                assertThat(stage.log().asked("/internal/boxes")).isLessThan(CLIENTS);
            } finally {
                sockets.forEach(RawSocket::close);
            }
        }
    }

    private static void comeBack(RawSocket socket, UUID chat) {
        socket.send(MaskedFrame.text("{\"type\":\"join_chat\",\"chat_id\":\"" + chat + "\",\"since\":10}"));
        assertThat(socket.readText("\"seq\":11")).contains("new_message", "\"replay\":true");
        assertThat(socket.readText("\"seq\":31")).contains("message_updated", "\"content\":\"edited\"");
        assertThat(socket.readText("\"seq\":32")).contains("message_deleted");
        assertThat(socket.readText("joined_chat")).contains("\"seq\":32");
    }
}
