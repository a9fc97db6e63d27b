package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who is online, for those who share a chat with them. */
@EachArrangement
class PresenceTest {
    private final Person anna;
    private final Person boris;
    private final Person outsider;
    private final String chat;

    PresenceTest(Arrangement arrangement) {
        var world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.stranger();
        this.outsider = world.person("outsider");
        this.chat = anna.opensGroup("presence", boris);
    }

    @Test
    void whoAsksIsToldHowItIsAndWhenItChanges() {
        try (Socket toAnna = asks(anna);
                Socket toOutsider = asks(outsider)) {
            JsonNode first = ofBoris(toAnna);
            assertThat(first.get("online").asBoolean()).isFalse();
            assertThat(first.get("ref").asString()).isEqualTo("r");
            assertThat(ofBoris(toOutsider).get("online").asBoolean()).isFalse();

            try (Socket phone = boris.connects();
                    Socket laptop = boris.connects()) {
                assertThat(ofBoris(toAnna).get("online").asBoolean()).isTrue();
                phone.abort();
                laptop.send(Map.of("type", "ping"));
                laptop.await("pong");
            }
            JsonNode last = ofBoris(toAnna);
            assertThat(last.get("online").asBoolean()).isFalse();
            assertThat(last.get("last_seen_at").isString()).isTrue();
            assertThat(toAnna.frames("presence")).hasSize(3);
            assertThat(toOutsider.frames("presence")).hasSize(1);
        }
    }

    @Test
    void whoIsInTheSameSmallChatIsToldWithoutAsking() {
        try (Socket toBoris = boris.joins(chat);
                Socket toAnna = anna.joins(chat)) {
            assertThat(ofBoris(toAnna).get("online").asBoolean()).isTrue();
            JsonNode ofAnna =
                    toBoris.await(frame -> frame.path("user_id").asString("").equals(anna.id()));
            assertThat(ofAnna.get("type").asString()).isEqualTo("presence");
            assertThat(ofAnna.get("online").asBoolean()).isTrue();
        }
    }

    @Test
    void whoSharesNoChatAnyMoreLooksOffline() {
        try (Socket _ = boris.connects();
                Socket toAnna = asks(anna)) {
            assertThat(ofBoris(toAnna).get("online").asBoolean()).isTrue();

            anna.client()
                    .delete("/api/chats/" + chat + "/members/" + boris.id())
                    .is(204);

            JsonNode now = ofBoris(toAnna);
            assertThat(now.get("online").asBoolean()).isFalse();
            assertThat(now.get("last_seen_at").isNull()).isTrue();
        }
    }

    private Socket asks(Person person) {
        Socket socket = person.connects();
        socket.send(Map.of("type", "subscribe_presence", "user_ids", List.of(boris.id()), "ref", "r"));
        return socket;
    }

    private JsonNode ofBoris(Socket socket) {
        return socket.await(frame -> frame.path("type").asString().equals("presence")
                && frame.path("user_id").asString().equals(boris.id()));
    }
}
