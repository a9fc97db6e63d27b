package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is unread, on all of one's devices. */
@EachArrangement
class UnreadTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Person anna;
    private final Person boris;

    UnreadTest(Arrangement arrangement) {
        var world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.stranger();
    }

    @Test
    void whatOneDeviceReadsTheOthersKnow() {
        String chat = anna.opensGroup("unread", boris);
        String other = anna.opensGroup("unread elsewhere", boris);
        for (int i = 0; i < 3; i++) {
            anna.says(chat, "in the one " + i);
            anna.says(other, "in the other " + i);
        }
        try (Socket phone = boris.connects();
                Socket laptop = boris.connects();
                Socket toAnna = anna.joins(chat)) {
            phone.send(Map.of("type", "mark_read", "chat_id", chat, "seq", 2, "ref", "r"));
            JsonNode marked = phone.await("marked_read");
            assertThat(marked.get("seq").asLong()).isEqualTo(2);
            assertThat(marked.get("unread_count").asInt()).isEqualTo(1);
            assertThat(marked.get("ref").asString()).isEqualTo("r");

            for (Socket socket : new Socket[] {phone, laptop}) {
                JsonNode unread = socket.await("unread");
                assertThat(unread.get("chat_id").asString()).isEqualTo(chat);
                assertThat(unread.get("unread_count").asInt()).isEqualTo(1);
                assertThat(unread.get("last_read_seq").asLong()).isEqualTo(2);
                assertThat(unread.get("total").asLong()).isEqualTo(4).isEqualTo(counted());
            }
            JsonNode read = toAnna.await("message_read");
            assertThat(read.get("user_id").asString()).isEqualTo(boris.id());
            assertThat(read.get("seq").asLong()).isEqualTo(2);

            boris.client()
                    .post("/api/chats/" + chat + "/unread", Map.of("seq", 1))
                    .is(200);
            JsonNode back = laptop.await("unread");
            assertThat(back.get("unread_count").asInt()).isEqualTo(2);
            assertThat(back.get("total").asLong()).isEqualTo(5).isEqualTo(counted());

            phone.send(Map.of("type", "mark_read", "chat_id", chat, "seq", 3));
            assertThat(laptop.await("unread").get("total").asLong())
                    .isEqualTo(3)
                    .isEqualTo(counted());
            assertThat(toAnna.await("message_read").get("seq").asLong()).isEqualTo(3);
            assertThat(toAnna.frames("unread")).isEmpty();
            assertThat(toAnna.frames("message_read")).hasSize(2);
        }
    }

    @Test
    void aDeviceThatFollowsTheRuleKnowsWhatIsUnread() {
        String chat = anna.opensGroup("unread", boris);
        anna.says(chat, "one");
        String two = anna.says(chat, "two").id();
        try (Follower device = new Follower(boris).online()) {
            await().atMost(SOON).until(() -> unread(device, chat) == 2);

            boris.client()
                    .post("/api/chats/" + chat + "/read", Map.of("seq", 1))
                    .is(200);
            await().atMost(SOON).until(() -> unread(device, chat) == 1);

            anna.client().delete("/api/messages/" + two).is(204);
            boris.client()
                    .post("/api/chats/" + chat + "/read", Map.of("seq", 3))
                    .is(200);
            await().atMost(SOON).until(() -> unread(device, chat) == 0);
        }
    }

    private static int unread(Follower device, String chat) {
        var known = device.chats().get(chat);
        return known == null || known.unreadCount() == null ? -1 : known.unreadCount();
    }

    private long counted() {
        return boris.client().get("/api/chats").list().stream()
                .mapToLong(chat -> chat.get("unread_count").asLong())
                .sum();
    }
}
