package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@EachArrangement
class ChatsTest {
    private final World world;
    private final Person anna;
    private final Person boris;
    private final Person clara;

    ChatsTest(Arrangement arrangement) {
        this.world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.person("boris");
        this.clara = world.person("clara");
    }

    @Test
    void aGroupHasItsOwnerAndItsMembers() {
        Answer answer = anna.client()
                .post(
                        "/api/chats",
                        Map.of(
                                "type",
                                "group",
                                "title",
                                "Crew ⚓",
                                "member_ids",
                                List.of(boris.id(), boris.id(), anna.id())))
                .is(201);

        JsonNode chat = answer.json();
        assertThat(answer.header("Location")).isEqualTo("/api/chats/" + answer.id());
        assertThat(chat.get("title").asString()).isEqualTo("Crew ⚓");
        assertThat(chat.get("member_count").asInt()).isEqualTo(2);
        assertThat(role(chat, anna)).isEqualTo("owner");
        assertThat(role(chat, boris)).isEqualTo("member");
        assertThat(chat.get("seq").asLong()).isZero();
        assertThat(chat.get("last_message").isNull()).isTrue();
    }

    @Test
    void anyTwoHaveOneDirectChatHoweverOftenAndWhoeverOpensIt() {
        Person one = world.stranger();
        Person other = world.stranger();
        var fromOne = Map.of("type", "direct", "member_ids", List.of(other.id()));
        var fromOther = Map.of("type", "direct", "member_ids", List.of(one.id()));

        List<Answer> answers = AtOnce.run(
                8,
                i -> i % 2 == 0
                        ? one.client().post("/api/chats", fromOne)
                        : other.client().post("/api/chats", fromOther));

        assertThat(answers)
                .extracting(Answer::id)
                .containsOnly(answers.getFirst().id());
        assertThat(answers).extracting(Answer::status).containsOnlyOnce(201).containsOnly(200, 201);
        one.client().post("/api/chats", fromOne).is(200);
    }

    @Test
    void whatCanNotBeAChatIsRefused() {
        var chats = anna.client();

        chats.post("/api/chats", Map.of("type", "direct", "member_ids", List.of()))
                .is(422, "validation_failed");
        chats.post("/api/chats", Map.of("type", "direct", "member_ids", List.of(anna.id())))
                .is(422, "validation_failed");
        chats.post("/api/chats", Map.of("type", "direct", "member_ids", List.of(boris.id(), clara.id())))
                .is(422, "validation_failed");
        chats.post("/api/chats", Map.of("type", "group", "member_ids", List.of(UUID.randomUUID())))
                .is(422, "validation_failed");
        chats.post("/api/chats", Map.of("type", "group", "title", "x".repeat(129), "member_ids", List.of(boris.id())))
                .is(422, "validation_failed");
        assertThat(chats.post("/api/chats", Map.of("type", "circle", "member_ids", List.of(boris.id())))
                        .status())
                .isIn(400, 422);
    }

    @Test
    void aRetryWithTheSameKeyOpensNoSecondChat() {
        var body = Map.of("type", "group", "title", "once", "member_ids", List.of(boris.id()));
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

        Answer first = anna.client().post("/api/chats", key, body).is(201);
        Answer again = anna.client().post("/api/chats", key, body).is(200);

        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(first.header("Idempotent-Replayed")).isNull();
        anna.client()
                .post("/api/chats", key, Map.of("type", "group", "title", "twice", "member_ids", List.of(boris.id())))
                .is(422, "idempotency_key_reused");
        boris.client()
                .post("/api/chats", key, Map.of("type", "group", "title", "mine", "member_ids", List.of()))
                .is(201);
    }

    @Test
    void theListShowsTheLatestActivityFirst() {
        Person reader = world.stranger();
        String first = reader.opensGroup("first", boris);
        String second = reader.opensGroup("second", boris);
        assertThat(reader.client().get("/api/chats").is(200).list("id")).containsExactly(second, first);

        JsonNode sent = boris.says(first, "news").json();

        await().untilAsserted(() ->
                assertThat(reader.client().get("/api/chats").list("id")).containsExactly(first, second));
        Answer list = reader.client().get("/api/chats");
        JsonNode chat = list.list().getFirst();
        assertThat(chat.get("last_message")).isEqualTo(sent);
        assertThat(chat.get("seq").asLong()).isEqualTo(1);
        assertThat(chat.get("unread_count").asInt()).isEqualTo(1);
        assertThat(chat.get("last_read_seq").asLong()).isZero();
        assertThat(list.header("Natter-Epoch")).isNotBlank();
        JsonNode own = boris.client().get("/api/chats/" + first).json();
        assertThat(own.get("unread_count").asInt()).isZero();
    }

    @Test
    void theListLeadsOnPageByPage() {
        Person reader = world.stranger();
        List<String> opened = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            opened.addFirst(reader.opensGroup("page " + i));
        }
        List<String> seen = new ArrayList<>();

        for (String page = "/api/chats?limit=2"; page != null; ) {
            Answer answer = reader.client().get(page).is(200);
            seen.addAll(answer.list("id"));
            page = answer.link("next");
        }

        assertThat(seen).isEqualTo(opened);
    }

    @Test
    void anOutsiderSeesNothingOfAChat() {
        String chat = anna.opensGroup("secret", boris);
        anna.says(chat, "psst");
        Person outsider = world.person("outsider");

        outsider.client().get("/api/chats/" + chat).is(404, "not_found");
        outsider.client().get("/api/chats/" + chat + "/messages").is(404, "not_found");
        assertThat(outsider.client().get("/api/chats").text()).doesNotContain(chat);
        Answer unknown =
                outsider.client().get("/api/chats/" + UUID.randomUUID()).is(404);
        assertThat(unknown.json().get("detail"))
                .isEqualTo(outsider.client().get("/api/chats/" + chat).json().get("detail"));
    }

    private static String role(JsonNode chat, Person person) {
        for (JsonNode member : chat.get("members")) {
            if (member.get("user_id").asString().equals(person.id())) {
                return member.get("role").asString();
            }
        }
        return null;
    }
}
