package dev.natter.message;

import static dev.natter.message.Running.concurrently;
import static dev.natter.message.Running.seqs;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.run.Node;
import dev.natter.testing.Api;
import dev.natter.testing.Reply;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Two instances on one database: each remembers where a chat stood, and is wrong whenever the other has written. */
class InstancesServiceTest {
    private static final int REQUESTS = 300;

    @Test
    void whateverTwoInstancesAreToldAtOnceAChatHasNoHolesAndNothingTwice() {
        try (var running = new Running();
                Node other = running.another()) {
            UUID chat = running.chat();
            String first = sent(running.send(running.ann, chat, "first"));
            var random = new Random();
            long seed = random.nextLong();
            random.setSeed(seed);
            List<Integer> choices = random.ints(REQUESTS, 0, 10).boxed().toList();

            List<Reply> replies = concurrently(REQUESTS, i -> {
                Api api = running.as(i % 3 == 0 ? running.bob : running.ann, i % 2 == 0 ? running.node() : other);
                return choices.get(i) == 0
                        ? running.as(running.ann).put("/api/messages/" + first, Map.of("content", "edit " + i))
                        : api.post("/api/chats/" + chat + "/messages", body(choices.get(i), i, first));
            });

            assertThat(replies).as("seed %d", seed).extracting(Reply::status).containsOnly(200, 201);
            long edits = choices.stream().filter(choice -> choice == 0).count();
            long sends =
                    1 + replies.stream().filter(reply -> reply.status() == 201).count();
            long head = running.number("SELECT seq FROM chat_head WHERE chat_id = ?", chat);
            assertThat(head).as("seed %d", seed).isEqualTo(sends + edits);
            assertThat(running.number("SELECT count(*) FROM message WHERE chat_id = ?", chat))
                    .isEqualTo(sends);
            assertThat(answers(replies).values())
                    .as("a client id names one message, seed %d", seed)
                    .allMatch(same -> same.stream()
                                    .map(InstancesServiceTest::sent)
                                    .distinct()
                                    .count()
                            == 1);
        }
    }

    @Test
    void sendsOfOneInstanceFollowOnThoseOfAnother() {
        try (var running = new Running();
                Node other = running.another()) {
            UUID chat = running.chat();

            for (int i = 0; i < 10; i++) {
                Api api = running.as(running.ann, i % 2 == 0 ? running.node() : other);
                assertThat(api.post("/api/chats/" + chat + "/messages", Map.of("content", "turn " + i))
                                .status())
                        .isEqualTo(201);
            }

            assertThat(seqs(running.as(running.bob).get("/api/chats/" + chat + "/messages")))
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, 10).boxed().toList());
        }
    }

    /** A plain send, one that is repeated, or an answer. */
    private static Map<String, String> body(int choice, int i, String first) {
        return switch (choice) {
            case 1, 2, 3 -> Map.of("content", "once " + i % 7, "client_id", "c-" + i % 7);
            case 4 -> Map.of("content", "an answer", "reply_to_id", first);
            default -> Map.of("content", "message " + i);
        };
    }

    private static Map<String, List<Reply>> answers(List<Reply> replies) {
        return replies.stream()
                .filter(reply -> reply.json().hasNonNull("client_id"))
                .collect(groupingBy(reply -> reply.json().get("sender_id").asString() + " "
                        + reply.json().get("client_id").asString()));
    }

    private static String sent(Reply reply) {
        return reply.json().get("id").asString();
    }
}
