package dev.natter.message;

import static dev.natter.message.Running.concurrently;
import static dev.natter.message.Running.seqs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Delivery;
import dev.natter.testing.Api;
import dev.natter.testing.Reply;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SendServiceTest {
    private Running running;

    @BeforeAll
    void open() {
        running = new Running();
    }

    @AfterAll
    void close() {
        running.close();
    }

    @Test
    void aSentMessageIsReadBackAsItWasAnswered() {
        UUID chat = running.chat();

        Reply sent = running.send(running.ann, chat, "Привет, 😀!");
        Reply page = running.as(running.bob).get("/api/chats/" + chat + "/messages");

        assertThat(sent.status()).isEqualTo(201);
        assertThat(sent.json().get("id").asString()).isEqualTo(chat + ".1");
        assertThat(sent.header("Location")).isEqualTo("/api/messages/" + chat + ".1");
        assertThat(page.json().get(0)).isEqualTo(sent.json());
        assertThat(page.header("Natter-Seq")).isEqualTo("1");
        assertThat(page.header("Natter-Epoch")).isNotBlank();
        assertThat(running.as(running.bob).get("/api/messages/" + chat + ".1").json())
                .isEqualTo(sent.json());
    }

    @Test
    void sixteenConcurrentSendsWithOneClientIdMakeOneMessage() {
        UUID chat = running.chat();
        var body = Map.of("content", "once", "client_id", "c-1");

        List<Reply> replies =
                concurrently(16, _ -> running.as(running.ann).post("/api/chats/" + chat + "/messages", body));

        assertThat(replies).extracting(Reply::status).containsOnlyOnce(201).containsOnly(200, 201);
        assertThat(replies)
                .extracting(reply -> reply.json().get("id").asString())
                .containsOnly(chat + ".1");
        assertThat(replies.stream().filter(reply -> reply.status() == 200))
                .allMatch(reply -> "true".equals(reply.header("Idempotent-Replayed")));
        Reply other = running.as(running.ann)
                .post("/api/chats/" + chat + "/messages", Map.of("content", "other", "client_id", "c-1"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().get("code").asString()).isEqualTo("idempotency_key_reused");
        assertThat(seqs(running.as(running.ann).get("/api/chats/" + chat + "/messages")))
                .containsExactly(1L);
    }

    @Test
    void anIdempotencyKeyDoesWhatAClientIdDoes() {
        UUID chat = running.chat();
        Api keyed = running.as(running.ann).with("Idempotency-Key", "key-1");

        Reply first = keyed.post("/api/chats/" + chat + "/messages", Map.of("content", "once"));
        Reply again = keyed.post("/api/chats/" + chat + "/messages", Map.of("content", "once"));

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
    }

    @Test
    void concurrentSendsTakeConsecutiveNumbersAndEachIsToldOnceInOrder() {
        UUID chat = running.chat();
        var told = new ConcurrentLinkedQueue<Delivery>();
        try (var subscription = running.bus.subscribe(Subjects.timeline(chat), told::add)) {
            assertThat(subscription).isNotNull();
            long first = running.send(running.ann, chat, "is it heard?")
                    .json()
                    .get("seq")
                    .asLong();
            await().until(() -> told.stream().anyMatch(delivery -> delivery.seq() == first));

            List<Reply> replies =
                    concurrently(120, i -> running.send(i % 2 == 0 ? running.ann : running.bob, chat, "message " + i));

            long[] expected = LongStream.rangeClosed(first + 1, first + 120).toArray();
            assertThat(replies.stream()
                            .mapToLong(reply -> reply.json().get("seq").asLong())
                            .sorted()
                            .toArray())
                    .isEqualTo(expected);
            await().untilAsserted(() -> assertThat(told.stream()
                            .mapToLong(Delivery::seq)
                            .filter(seq -> seq > first)
                            .toArray())
                    .isEqualTo(expected));
        }
    }

    @Test
    void editsAndDeletesAreByThoseWhoMay() {
        UUID chat = running.chat();
        String id = running.send(running.bob, chat, "first").json().get("id").asString();

        assertThat(running.as(running.ann)
                        .put("/api/messages/" + id, Map.of("content", "x"))
                        .status())
                .isEqualTo(403);
        assertThat(running.as(running.eve)
                        .put("/api/messages/" + id, Map.of("content", "x"))
                        .status())
                .isEqualTo(404);
        assertThat(running.as(running.eve).delete("/api/messages/" + id).status())
                .isEqualTo(404);
        Reply edited = running.as(running.bob).put("/api/messages/" + id, Map.of("content", "second"));
        assertThat(edited.json().get("content").asString()).isEqualTo("second");
        assertThat(edited.json().get("changed_seq").asLong()).isEqualTo(2);
        assertThat(running.as(running.bob)
                        .with("If-Match", "\"1\"")
                        .put("/api/messages/" + id, Map.of("content", "x"))
                        .status())
                .isEqualTo(412);
        assertThat(running.as(running.bob)
                        .with("If-Match", "W/\"2\"")
                        .put("/api/messages/" + id, Map.of("content", "second"))
                        .status())
                .isEqualTo(200);
        assertThat(running.as(running.ann).delete("/api/messages/" + id).status())
                .isEqualTo(204);
        assertThat(running.as(running.ann).delete("/api/messages/" + id).status())
                .isEqualTo(204);
        JsonNode tombstone = running.as(running.ann).get("/api/messages/" + id).json();
        assertThat(tombstone.get("content").isNull()).isTrue();
        assertThat(tombstone.get("deleted_at").isNull()).isFalse();
        assertThat(tombstone.get("changed_seq").asLong()).isEqualTo(3);
        assertThat(running.as(running.bob)
                        .put("/api/messages/" + id, Map.of("content", "x"))
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"content\":null}",
                "{\"content\":\"\"}",
                "{\"content\":\"  \\n \"}",
                "{\"content\":7}",
                "{\"content\":[\"a\"]}",
                "{\"content\":\"\\u0000\"}",
                "{\"content\":\"\\ud800\"}",
                "{\"content\":\"a\",\"reply_to_id\":\"x\"}",
                "{\"content\":\"a\",\"reply_to_id\":5}",
                "{\"content\":\"a\",\"client_id\":\"\"}",
                "{\"content\":\"a\",\"client_id\":{}}",
                "{\"content\":\"a\",\"client_id\":\"\\u0000\"}"
            })
    void aBadMessageIsRefusedByField(String body) {
        Reply reply = running.as(running.ann).post("/api/chats/" + running.chat() + "/messages", body);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().get("errors").get(0).get("field").asString())
                .isIn("content", "reply_to_id", "client_id");
    }

    @Test
    void contentIsCountedInCodePoints() {
        UUID chat = running.chat();

        assertThat(running.send(running.ann, chat, "😀".repeat(4000)).status()).isEqualTo(201);
        assertThat(running.send(running.ann, chat, "😀".repeat(4001)).status()).isEqualTo(422);
        assertThat(running.as(running.ann)
                        .post("/api/chats/" + chat + "/messages", "{\"content\":\"" + "x".repeat(70_000) + "\"}")
                        .status())
                .isEqualTo(413);
    }
}
