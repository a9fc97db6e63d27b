package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A frontend that was written before Natter: it signs in with a form, puts its token into the socket's address, knows
 * {@code join_chat}, {@code leave_chat}, {@code typing} and the three kinds of message, passes over everything else,
 * and never sends {@code ref}, {@code ping}, {@code since} or a {@code client_id}.
 */
@EachArrangement
class OldFrontendTest {
    private final Client anyone;
    private final Person anna;
    private final Person boris;

    OldFrontendTest(Arrangement arrangement) {
        this.anyone = arrangement.world().anonymous();
        this.anna = arrangement.world().person("anna");
        this.boris = arrangement.world().person("boris");
    }

    @Test
    void itTalksAsItAlwaysDid() {
        String form =
                "username=" + anna.username() + "&password=" + anna.password().replace(' ', '+');
        JsonNode signedIn = anyone.send(
                        "POST",
                        "/api/auth/login",
                        "application/x-www-form-urlencoded",
                        form.getBytes(StandardCharsets.US_ASCII))
                .is(200)
                .json();
        assertThat(signedIn.get("token_type").asString()).isEqualTo("bearer");
        Client frontend = anyone.as(signedIn.get("access_token").asString());
        String me = frontend.get("/api/users/me").json().get("id").asString();
        String chat = frontend.post(
                        "/api/chats", Map.of("type", "group", "title", "old", "member_ids", List.of(boris.id())))
                .is(201)
                .id();

        URI address = URI.create(
                frontend.base().toString().replaceFirst("^http", "ws") + "/ws/" + me + "?token=" + frontend.token());
        try (Socket socket = Socket.open(address, Map.of());
                Socket toBoris = boris.joins(chat)) {
            socket.send(Map.of("type", "join_chat", "chat_id", chat));
            socket.await("joined_chat");

            String message = boris.says(chat, "hello").id();
            assertThat(socket.await("new_message").at("/message/content").asString())
                    .isEqualTo("hello");
            boris.client()
                    .put("/api/messages/" + message, Map.of("content", "hello!"))
                    .is(200);
            assertThat(socket.await("message_updated").at("/message/content").asString())
                    .isEqualTo("hello!");
            boris.client().delete("/api/messages/" + message).is(204);
            assertThat(socket.await("message_deleted").get("message_id").asString())
                    .isEqualTo(message);

            socket.send(Map.of("type", "typing", "chat_id", chat));
            assertThat(toBoris.await("typing").get("user_id").asString()).isEqualTo(me);
            frontend.post("/api/chats/" + chat + "/messages", Map.of("content", "hello yourself"))
                    .is(201);
            toBoris.await(frame -> frame.at("/message/sender_id").asString("").equals(me));

            socket.send(Map.of("type", "leave_chat", "chat_id", chat));
            socket.await("left_chat");
            assertThat(socket.frames("error")).isEmpty();
        }
    }
}
