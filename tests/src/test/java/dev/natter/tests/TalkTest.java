package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Talking over a socket alone: sending, reading, and staying signed in. */
@EachArrangement
class TalkTest {
    private final Person anna;
    private final Person boris;
    private final Person outsider;
    private final String chat;

    TalkTest(Arrangement arrangement) {
        var world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.person("boris");
        this.outsider = world.person("outsider");
        this.chat = anna.opensGroup("talk", boris);
    }

    @Test
    void whatIsSentIsInTheLogOnceHoweverOftenItIsTried() {
        try (Socket toAnna = anna.joins(chat);
                Socket toBoris = boris.joins(chat)) {
            var send = Map.of(
                    "type", "send_message", "ref", "1", "chat_id", chat, "content", "over the wire", "client_id", "c");
            toAnna.send(send);
            JsonNode sent = toAnna.await("message_sent");
            toAnna.send(send);
            JsonNode again = toAnna.await("message_sent");
            Answer overHttp = anna.client()
                    .post("/api/chats/" + chat + "/messages", Map.of("content", "over the wire", "client_id", "c"))
                    .is(200);

            assertThat(sent.get("ref").asString()).isEqualTo("1");
            assertThat(sent.get("replayed").asBoolean()).isFalse();
            assertThat(again.get("replayed").asBoolean()).isTrue();
            assertThat(again.get("message")).isEqualTo(sent.get("message"));
            assertThat(overHttp.json()).isEqualTo(sent.get("message"));
            Contract.natter().conforms("/components/schemas/Message", sent.get("message"), "message_sent");
            assertThat(toBoris.await("new_message").get("message")).isEqualTo(sent.get("message"));
            assertThat(anna.client().get("/api/chats/" + chat + "/messages").json())
                    .hasSize(1);
        }
    }

    @Test
    void aRefusalSaysWhatHttpWouldSay() {
        try (Socket toAnna = anna.connects();
                Socket toOutsider = outsider.connects()) {
            toAnna.sendRaw(Map.of("type", "send_message", "chat_id", chat, "content", "x".repeat(4001)));
            assertThat(toAnna.await("error").get("code").asString()).isEqualTo("validation_failed");
            toAnna.send(Map.of("type", "send_message", "chat_id", chat, "content", "x", "client_id", "same"));
            toAnna.await("message_sent");
            toAnna.send(Map.of("type", "send_message", "chat_id", chat, "content", "y", "client_id", "same"));
            assertThat(toAnna.await("error").get("code").asString()).isEqualTo("idempotency_key_reused");
            toAnna.sendRaw(Map.of("type", "mark_read", "chat_id", chat, "seq", -1));
            assertThat(toAnna.await("error").get("code").asString()).isEqualTo("validation_failed");
            toAnna.sendRaw(Map.of("type", "mark_read", "chat_id", chat));
            assertThat(toAnna.await("error").get("code").asString()).isEqualTo("validation_failed");

            for (String type : List.of("send_message", "mark_read")) {
                toOutsider.sendRaw(Map.of("type", type, "chat_id", chat, "content", "let me in", "seq", 1));
                assertThat(toOutsider.await("error").get("code").asString()).isEqualTo("not_found");
            }
        }
    }

    @Test
    void readingIsToldToTheChat() {
        anna.says(chat, "one");
        anna.says(chat, "two");
        try (Socket toAnna = anna.joins(chat);
                Socket toBoris = boris.joins(chat)) {
            toBoris.send(Map.of("type", "mark_read", "chat_id", chat, "seq", 1));

            JsonNode marked = toBoris.await("marked_read");
            assertThat(marked.get("seq").asLong()).isEqualTo(1);
            assertThat(marked.get("unread_count").asInt()).isEqualTo(1);
            JsonNode read = toAnna.await("message_read");
            assertThat(read.get("user_id").asString()).isEqualTo(boris.id());
            assertThat(read.get("chat_id").asString()).isEqualTo(chat);
            assertThat(read.get("seq").asLong()).isEqualTo(1);
        }
    }

    @Test
    void aFreshTokenKeepsASocketAndTheEndOfItsSessionEndsIt() {
        var login = Map.of("username", boris.username(), "password", boris.password());
        JsonNode tokens = boris.client().post("/api/auth/login", login).is(200).json();
        try (Socket socket = boris.connects()) {
            socket.send(Map.of("type", "authenticate", "token", anna.token()));
            assertThat(socket.await("error").get("code").asString()).isEqualTo("forbidden");
            socket.send(Map.of(
                    "type", "authenticate", "token", tokens.get("access_token").asString()));
            assertThat(socket.await("authenticated").get("expires_at").asString())
                    .endsWith("Z");

            boris.client()
                    .as(tokens.get("access_token").asString())
                    .post("/api/auth/logout", Map.of())
                    .is(204);

            assertThat(socket.awaitClose()).isEqualTo(4401);
        }
    }
}
