package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What happens in a chat, seen over WebSocket while it happens. */
@EachArrangement
class LiveTest {
    private final Person anna;
    private final Person boris;
    private final Person outsider;
    private final String chat;

    LiveTest(Arrangement arrangement) {
        var world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.person("boris");
        this.outsider = world.person("outsider");
        this.chat = anna.opensDirect(boris);
    }

    @Test
    void twoTalkAndSeeEachOther() {
        try (Socket toAnna = anna.joins(chat);
                Socket toBoris = boris.joins(chat)) {
            JsonNode sent = anna.says(chat, "Hello, Boris").json();
            for (Socket socket : List.of(toAnna, toBoris)) {
                JsonNode frame = socket.await("new_message");
                assertThat(frame.propertyNames()).startsWith("type");
                assertThat(frame.get("chat_id").asString()).isEqualTo(chat);
                assertThat(frame.get("message")).isEqualTo(sent);
                assertThat(frame.get("prev").asLong())
                        .isEqualTo(frame.get("seq").asLong() - 1);
            }

            String message = "/api/messages/" + sent.get("id").asString();
            JsonNode edited = anna.client()
                    .put(message, Map.of("content", "Hello, Boris!"))
                    .json();
            assertThat(toBoris.await("message_updated").get("message")).isEqualTo(edited);
            assertThat(toAnna.await("message_updated").get("message")).isEqualTo(edited);

            anna.client().delete(message).is(204);
            for (Socket socket : List.of(toAnna, toBoris)) {
                JsonNode frame = socket.await("message_deleted");
                assertThat(frame.get("message_id")).isEqualTo(sent.get("id"));
                assertThat(frame.get("seq").asLong())
                        .isEqualTo(edited.get("changed_seq").asLong() + 1);
            }
        }
    }

    @Test
    void helloComesFirst() {
        try (Socket socket = Socket.open(anna.socketUri(), Map.of("Authorization", "Bearer " + anna.token()))) {
            JsonNode hello = socket.await("hello");

            assertThat(socket.frames().getFirst()).isEqualTo(hello);
            assertThat(hello.get("user_id").asString()).isEqualTo(anna.id());
            for (String field : List.of("session_id", "epoch", "heartbeat_seconds", "server_time", "limits")) {
                assertThat(hello.path(field).isMissingNode()
                                || hello.path(field).isNull())
                        .as(field)
                        .isFalse();
            }
        }
    }

    @Test
    void joinedChatSaysWhereTheLogStands() {
        String room = anna.opensGroup("joined", boris);
        anna.says(room, "one");
        anna.says(room, "two");
        try (Socket socket = boris.connects()) {
            socket.send(Map.of("type", "join_chat", "chat_id", room, "ref", "r1"));

            JsonNode joined = socket.await("joined_chat");
            assertThat(joined.get("chat_id").asString()).isEqualTo(room);
            assertThat(joined.get("seq").asLong()).isEqualTo(2);
            assertThat(joined.get("ref").asString()).isEqualTo("r1");
            assertThat(socket.frames("new_message")).isEmpty();
        }
    }

    @Test
    void whoWasAwayGetsEveryChangeSinceThenAndThenWhatIsLive() {
        String room = anna.opensGroup("since", boris);
        String first = anna.says(room, "one").id();
        anna.says(room, "two");
        String third = anna.says(room, "three").id();
        anna.client().put("/api/messages/" + first, Map.of("content", "ONE")).is(200);
        anna.client().delete("/api/messages/" + third).is(204);
        try (Socket socket = boris.connects()) {
            socket.send(Map.of("type", "join_chat", "chat_id", room, "since", 1));
            assertThat(socket.await("joined_chat").get("seq").asLong()).isEqualTo(5);
            anna.says(room, "four");
            socket.await("new_message");
            socket.await(frame -> frame.path("seq").asLong() == 6);

            List<JsonNode> changes =
                    socket.frames().stream().filter(frame -> frame.has("prev")).toList();
            long local = 1;
            for (JsonNode change : changes) {
                assertThat(change.get("prev").asLong()).as(changes.toString()).isLessThanOrEqualTo(local);
                assertThat(change.get("seq").asLong()).isGreaterThan(local);
                local = change.get("seq").asLong();
                assertThat(change.path("replay").asBoolean(false)).isEqualTo(local < 6);
            }
            assertThat(local).isEqualTo(6);
            assertThat(changes.stream().map(change -> change.get("type").asString()))
                    .containsExactly("new_message", "message_updated", "message_deleted", "new_message");
        }
    }

    @Test
    void aNumberAheadOfTheLogAsksForALoad() {
        try (Socket socket = anna.connects()) {
            socket.send(Map.of("type", "join_chat", "chat_id", chat, "since", 1_000_000));

            assertThat(socket.await("resync_required").get("reason").asString()).isEqualTo("ahead");

            socket.send(Map.of("type", "join_chat", "chat_id", chat, "since", 0, "epoch", "of another time"));
            assertThat(socket.await("resync_required").get("reason").asString()).isEqualTo("epoch");
        }
    }

    @Test
    void othersSeeWhoIsTyping() {
        try (Socket toAnna = anna.joins(chat);
                Socket toBoris = boris.joins(chat)) {
            toAnna.send(Map.of("type", "typing", "chat_id", chat));

            JsonNode typing = toBoris.await("typing");
            assertThat(typing.get("user_id").asString()).isEqualTo(anna.id());
            assertThat(typing.get("chat_id").asString()).isEqualTo(chat);
            assertThat(typing.get("is_typing").asBoolean()).isTrue();
            toAnna.send(Map.of("type", "typing", "chat_id", chat, "is_typing", false));
            assertThat(toBoris.await("typing").get("is_typing").asBoolean()).isFalse();
            toAnna.send(Map.of("type", "ping"));
            toAnna.await("pong");
            assertThat(toAnna.frames("typing")).isEmpty();
        }
    }

    @Test
    void whoLeftAChatHearsNoMoreOfIt() {
        try (Socket toAnna = anna.joins(chat);
                Socket toBoris = boris.joins(chat)) {
            toBoris.send(Map.of("type", "leave_chat", "chat_id", chat));
            assertThat(toBoris.await("left_chat").get("chat_id").asString()).isEqualTo(chat);

            anna.says(chat, "are you there?");
            toAnna.await("new_message");
            toBoris.send(Map.of("type", "ping"));
            toBoris.await("pong");

            assertThat(toBoris.frames("new_message")).isEmpty();
        }
    }

    @Test
    void anOutsiderJoinsNothingAndHearsNothing() {
        try (Socket socket = outsider.connects();
                Socket toBoris = boris.joins(chat)) {
            socket.send(Map.of("type", "join_chat", "chat_id", chat, "ref", "x"));
            JsonNode error = socket.await("error");
            assertThat(error.get("code").asString()).isEqualTo("not_found");
            assertThat(error.get("ref").asString()).isEqualTo("x");
            socket.send(Map.of("type", "typing", "chat_id", chat));

            anna.says(chat, "between us");
            toBoris.await("new_message");
            socket.send(Map.of("type", "ping"));
            socket.await("pong");

            assertThat(socket.frames().toString()).doesNotContain("between us");
            assertThat(toBoris.frames("typing")).isEmpty();
        }
    }

    @Test
    void aTokenMayComeInEachOfThreeWays() {
        Socket.open(URI.create(anna.socketUri() + "?token=" + anna.token()), Map.of())
                .close();
        Socket.open(anna.socketUri(), Map.of("Sec-WebSocket-Protocol", "bearer, " + anna.token()))
                .close();
        Socket.open(anna.socketUri(), Map.of("Authorization", "Bearer " + anna.token()))
                .close();
    }

    @Test
    void onlyTheirOwnPathOpensToAUser() {
        var bearer = Map.of("Authorization", "Bearer " + anna.token());

        assertThat(Socket.refused(boris.socketUri(), bearer)).isEqualTo(403);
        assertThat(Socket.refused(anna.socketUri(), Map.of())).isEqualTo(401);
        assertThat(Socket.refused(anna.socketUri(), Map.of("Authorization", "Bearer x.y.z")))
                .isEqualTo(401);
        assertThat(Socket.refused(URI.create(anna.socketUri() + "?token=garbage"), Map.of()))
                .isEqualTo(401);
        assertThat(Socket.refused(URI.create(boris.socketUri() + "?token=" + anna.token()), Map.of()))
                .isEqualTo(403);
    }

    @Test
    void aForeignPageCanNotConnect() {
        var headers = Map.of("Authorization", "Bearer " + anna.token(), "Origin", "https://evil.example");

        assertThat(Socket.refused(anna.socketUri(), headers)).isEqualTo(403);

        Socket.open(
                        anna.socketUri(),
                        Map.of("Authorization", "Bearer " + anna.token(), "Origin", "http://localhost:3000"))
                .close();
    }
}
