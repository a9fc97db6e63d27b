package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Editing and deleting. */
@EachArrangement
class ChangeTest {
    private final Person anna;
    private final Person boris;
    private final Person outsider;
    private final String chat;

    ChangeTest(Arrangement arrangement) {
        var world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.person("boris");
        this.outsider = world.person("outsider");
        this.chat = anna.opensGroup("changes", boris);
    }

    @Test
    void theSenderEditsAndTheMessageTakesANewNumber() {
        String id = boris.says(chat, "helo").id();

        JsonNode edited = boris.client()
                .put("/api/messages/" + id, Map.of("content", "hello"))
                .is(200)
                .json();

        assertThat(edited.get("id").asString()).isEqualTo(id);
        assertThat(edited.get("seq").asLong()).isEqualTo(1);
        assertThat(edited.get("changed_seq").asLong()).isEqualTo(2);
        assertThat(edited.get("content").asString()).isEqualTo("hello");
        assertThat(edited.get("edited_at").isNull()).isFalse();
        assertThat(anna.client().get("/api/messages/" + id).json()).isEqualTo(edited);
        assertThat(anna.says(chat, "hi").json().get("seq").asLong()).isEqualTo(3);
    }

    @Test
    void nobodyElseEdits() {
        String id = boris.says(chat, "mine").id();

        anna.client().put("/api/messages/" + id, Map.of("content", "not yours")).is(403, "forbidden");
        outsider.client()
                .put("/api/messages/" + id, Map.of("content", "not yours"))
                .is(404, "not_found");
        assertThat(boris.client()
                        .get("/api/messages/" + id)
                        .json()
                        .get("content")
                        .asString())
                .isEqualTo("mine");
    }

    @Test
    void anEditObeysTheRulesOfContent() {
        String message = "/api/messages/" + boris.says(chat, "fine").id();

        boris.client().put(message, Map.of("content", "")).is(422, "validation_failed");
        boris.client().put(message, Map.of("content", "x".repeat(4001))).is(422, "validation_failed");
        boris.client().put(message, Map.of()).is(422, "validation_failed");
        boris.client().put(message, Map.of("content", List.of("x"))).is(422, "validation_failed");
    }

    @Test
    void aDeletedMessageStaysAsATombstone() {
        String message = "/api/messages/" + boris.says(chat, "regrettable").id();

        boris.client().delete(message).is(204);

        JsonNode tombstone = anna.client().get(message).is(200).json();
        assertThat(tombstone.get("content").isNull()).isTrue();
        assertThat(tombstone.get("deleted_at").isNull()).isFalse();
        assertThat(tombstone.get("changed_seq").asLong()).isEqualTo(2);
        assertThat(anna.client().get("/api/chats/" + chat + "/messages").list()).containsExactly(tombstone);
        boris.client().put(message, Map.of("content", "back?")).is(404, "not_found");
        boris.client().delete(message).is(204);
        assertThat(anna.client().get("/api/chats/" + chat + "/messages").header("Natter-Seq"))
                .isEqualTo("2");
    }

    @Test
    void theOwnerDeletesAnybodysAMemberOnlyTheirOwn() {
        String ofBoris = "/api/messages/" + boris.says(chat, "spam").id();
        String ofAnna = "/api/messages/" + anna.says(chat, "rules").id();

        boris.client().delete(ofAnna).is(403, "forbidden");
        outsider.client().delete(ofAnna).is(404, "not_found");
        anna.client().delete(ofBoris).is(204);

        assertThat(boris.client().get(ofBoris).json().get("content").isNull()).isTrue();
        assertThat(boris.client().get(ofAnna).json().get("content").asString()).isEqualTo("rules");
    }

    @Test
    void editsAndDeletesOfManyTakeConsecutiveNumbers() {
        List<String> ids = AtOnce.run(12, i -> anna.says(chat, "before " + i).id()).stream()
                .toList();

        AtOnce.run(
                12,
                i -> i % 3 == 0
                        ? anna.client().delete("/api/messages/" + ids.get(i)).is(204)
                        : anna.client()
                                .put("/api/messages/" + ids.get(i), Map.of("content", "after"))
                                .is(200));

        Answer log = anna.client().get("/api/chats/" + chat + "/messages");
        assertThat(log.header("Natter-Seq")).isEqualTo("24");
        assertThat(log.list().stream().map(message -> message.get("changed_seq").asInt()))
                .containsExactlyInAnyOrder(13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24);
    }

    @Test
    void whatIsNoMessageIsNotFound() {
        for (String wrong : List.of("nonsense", chat, chat + ".99", chat + ".0", chat + ".1.1", "..%2F..")) {
            anna.client().get("/api/messages/" + wrong).is(404, "not_found");
            anna.client().delete("/api/messages/" + wrong).is(404, "not_found");
        }
    }
}
