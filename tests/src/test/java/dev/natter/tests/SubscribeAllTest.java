package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A client that wants to hear everything of all its chats, and asks for nothing. */
@EachArrangement
class SubscribeAllTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    private final Person anna;
    private final Person boris;

    SubscribeAllTest(Arrangement arrangement) {
        var world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.stranger();
    }

    @Test
    void everyChatIsJoinedThoseThatComeLaterToo() {
        List<String> chats =
                List.of(anna.opensGroup("one", boris), anna.opensGroup("two", boris), anna.opensDirect(boris));
        anna.says(chats.getFirst(), "before");
        try (Socket socket = boris.socket("?subscribe=all")) {
            JsonNode joined = socket.await("joined_chats");
            assertThat(joined.has("ref")).isFalse();
            assertThat(joined.get("chats").propertyNames()).containsExactlyInAnyOrderElementsOf(chats);
            assertThat(joined.get("chats").get(chats.getFirst()).asLong()).isEqualTo(1);

            String late = anna.opensGroup("late", boris);
            assertThat(socket.await("joined_chats").get("chats").propertyNames())
                    .containsExactly(late);
            for (String chat : List.of(chats.getFirst(), chats.getLast(), late)) {
                anna.says(chat, "to " + chat);
                JsonNode frame = socket.await("new_message");
                assertThat(frame.get("chat_id").asString()).isEqualTo(chat);
                assertThat(frame.at("/message/content").asString()).isEqualTo("to " + chat);
            }
        }
    }

    @Test
    void whoIsInNoChatIsToldThatToo() {
        try (Socket socket = boris.socket("?subscribe=all")) {
            assertThat(socket.await("joined_chats").get("chats")).isEmpty();
        }
    }

    @Test
    void aDeviceThatFollowsTheRuleHoldsEverythingFromThenOn() {
        String chat = anna.opensGroup("followed", boris);
        try (Follower device = new Follower(boris, "?subscribe=all").online()) {
            await().atMost(SOON).until(() -> device.isAt(chat, 0));
            anna.says(chat, "one");
            await().atMost(SOON).until(() -> device.isAt(chat, 1));
            device.offline();
            anna.says(chat, "two");
            String late = anna.opensGroup("late", boris);
            anna.says(late, "first");

            device.online();
            await().atMost(SOON).until(() -> device.isAt(chat, 2) && device.isAt(late, 1));
            anna.says(late, "second");
            await().atMost(SOON).until(() -> device.isAt(late, 2));

            assertThat(device.contents(chat)).containsExactly("one", "two");
            assertThat(device.contents(late)).containsExactly("second");
        }
    }
}
