package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@EachArrangement
class SendTest {
    private final Person anna;
    private final Person boris;
    private final Person clara;
    private final Person outsider;
    private final String chat;

    SendTest(Arrangement arrangement) {
        var world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.person("boris");
        this.clara = world.person("clara");
        this.outsider = world.person("outsider");
        this.chat = anna.opensGroup("sends", boris, clara);
    }

    @Test
    void aSentMessageIsInTheLogAtOnce() {
        Answer answer = anna.client().post(messages(), Map.of("content", "Привет 👋", "client_id", "c-1"));

        answer.is(201);
        JsonNode message = answer.json();
        assertThat(message.get("id").asString()).isEqualTo(chat + ".1");
        assertThat(answer.header("Location")).isEqualTo("/api/messages/" + answer.id());
        assertThat(message.get("seq").asLong()).isEqualTo(1);
        assertThat(message.get("changed_seq").asLong()).isEqualTo(1);
        assertThat(message.get("type").asString()).isEqualTo("text");
        assertThat(message.get("sender_id").asString()).isEqualTo(anna.id());
        assertThat(message.get("content").asString()).isEqualTo("Привет 👋");
        assertThat(message.get("client_id").asString()).isEqualTo("c-1");
        assertThat(Instant.parse(message.get("created_at").asString()))
                .isBetween(
                        Instant.now().minus(Duration.ofMinutes(2)),
                        Instant.now().plus(Duration.ofMinutes(2)));
        assertThat(boris.client().get("/api/messages/" + answer.id()).is(200).json())
                .isEqualTo(message);
        assertThat(boris.client().get(messages()).is(200).list()).containsExactly(message);
    }

    @Test
    void sixteenConcurrentSendsWithOneClientIdMakeOneMessage() {
        var body = Map.of("content", "only once", "client_id", UUID.randomUUID().toString());

        List<Answer> answers = AtOnce.run(16, _ -> anna.client().post(messages(), body));

        assertThat(answers)
                .extracting(Answer::id)
                .containsOnly(answers.getFirst().id());
        assertThat(answers).extracting(Answer::status).containsOnlyOnce(201).containsOnly(200, 201);
        assertThat(answers.stream().filter(answer -> answer.status() == 200))
                .allMatch(answer -> "true".equals(answer.header("Idempotent-Replayed")));
        assertThat(anna.client().get(messages()).list()).hasSize(1);
        assertThat(anna.client().get(messages()).header("Natter-Seq")).isEqualTo("1");
    }

    @Test
    void aClientIdWithAnotherBodyIsRefused() {
        String clientId = UUID.randomUUID().toString();
        anna.client()
                .post(messages(), Map.of("content", "one", "client_id", clientId))
                .is(201);

        anna.client()
                .post(messages(), Map.of("content", "two", "client_id", clientId))
                .is(422, "idempotency_key_reused");

        boris.client()
                .post(messages(), Map.of("content", "two", "client_id", clientId))
                .is(201);
        assertThat(anna.client().get(messages()).list("content")).containsExactly("one", "two");
    }

    @Test
    void anIdempotencyKeyIsAsGoodAsAClientId() {
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

        List<Answer> answers = AtOnce.run(4, _ -> anna.client().post(messages(), key, Map.of("content", "keyed")));

        assertThat(answers).extracting(Answer::status).contains(201).containsAnyOf(201, 200, 409);
        Answer again =
                anna.client().post(messages(), key, Map.of("content", "keyed")).is(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(anna.client().get(messages()).list()).hasSize(1);
        anna.client().post(messages(), key, Map.of("content", "other")).is(422, "idempotency_key_reused");
    }

    @Test
    void concurrentSendsTakeConsecutiveNumbersAndReachEveryMemberInOrder() {
        int sends = 120;
        List<Person> members = List.of(anna, boris, clara);
        try (var first = anna.joins(chat);
                var second = boris.joins(chat);
                var third = clara.joins(chat)) {
            List<Answer> answers = AtOnce.run(sends, i -> members.get(i % 3).says(chat, "n" + i));

            assertThat(answers.stream()
                            .map(answer -> answer.json().get("seq").asLong())
                            .sorted())
                    .isEqualTo(LongStream.rangeClosed(1, sends).boxed().toList());
            List<JsonNode> log = anna.client().get(messages() + "?limit=200").list();
            for (var socket : List.of(first, second, third)) {
                socket.await(frame -> frame.path("seq").asLong(0) == sends);
                var live = socket.frames().stream()
                        .filter(frame -> frame.get("type").asString().equals("new_message"))
                        .toList();
                assertThat(live.stream().map(frame -> frame.get("message"))).isEqualTo(log);
                assertThat(live)
                        .allMatch(frame ->
                                frame.get("prev").asLong() == frame.get("seq").asLong() - 1);
            }
        }
    }

    @Test
    void aReplyNamesAMessageOfTheSameChat() {
        String question = anna.says(chat, "?").id();
        String elsewhere = anna.says(anna.opensGroup("elsewhere"), "!").id();

        JsonNode reply = boris.client()
                .post(messages(), Map.of("content", "!", "reply_to_id", question))
                .is(201)
                .json();

        assertThat(reply.get("reply_to_id").asString()).isEqualTo(question);
        for (String wrong : List.of(elsewhere, chat + ".99", "nonsense")) {
            assertThat(boris.client()
                            .post(messages(), Map.of("content", "!", "reply_to_id", wrong))
                            .status())
                    .as(wrong)
                    .isIn(404, 422);
        }
    }

    @Test
    void contentIsCountedInCodePoints() {
        anna.says(chat, "👋".repeat(4000));

        for (String wrong : List.of("", "👋".repeat(4001), "a\u0000b")) {
            anna.client().post(messages(), Map.of("content", wrong)).is(422, "validation_failed");
        }
        anna.client().post(messages(), Map.of()).is(422, "validation_failed");
        assertThat(anna.client().get(messages()).list()).hasSize(1);
    }

    @Test
    void anOutsiderCanNotSend() {
        Answer refused = outsider.client().post(messages(), Map.of("content", "let me in"));

        refused.is(404, "not_found");
        outsider.client()
                .post("/api/chats/" + UUID.randomUUID() + "/messages", Map.of("content", "x"))
                .is(404);
        outsider.client()
                .post("/api/chats/nonsense/messages", Map.of("content", "x"))
                .is(404);
        assertThat(anna.client().get(messages()).list()).isEmpty();
    }

    private String messages() {
        return "/api/chats/" + chat + "/messages";
    }
}
