package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every operation of the contract, tried by those who may not. */
@EachArrangement
@Tag("security")
class AccessTest {
    private final World world;
    private final Person anna;
    private final Person outsider;
    private String chat;
    private Map<String, String> ids;
    private JsonNode before;

    AccessTest(Arrangement arrangement) {
        this.world = arrangement.world();
        this.anna = world.person("anna");
        this.outsider = world.person("outsider");
    }

    @BeforeEach
    void aChatWithAMessage() {
        chat = anna.opensGroup("private", world.person("boris"));
        String message = anna.says(chat, "secret words").id();
        ids = Map.of("chat_id", chat, "message_id", message, "user_id", anna.id());
        before = log();
    }

    @Test
    void aForgedTokenOpensNothing() {
        JsonNode tokens = world.anonymous()
                .post("/api/auth/login", Map.of("username", anna.username(), "password", anna.password()))
                .json();
        JsonNode jwks = world.anonymous().get("/.well-known/jwks.json").json();
        var forgeries =
                Forgery.of(anna.token(), jwks, tokens.get("refresh_token").asString());

        for (var forgery : forgeries.entrySet()) {
            for (var operation : secured()) {
                Answer answer = ask(operation, world.anonymous().as(forgery.getValue()));
                assertThat(answer.status())
                        .as("%s: %s", forgery.getKey(), answer)
                        .isEqualTo(401);
                assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
                assertThat(answer.text()).doesNotContain("secret words");
            }
            assertThat(Socket.refused(anna.socketUri(), Map.of("Authorization", "Bearer " + forgery.getValue())))
                    .as("WebSocket with " + forgery.getKey())
                    .isEqualTo(401);
        }
        assertThat(log()).isEqualTo(before);
    }

    @Test
    void withoutATokenEverythingIsClosed() {
        for (var operation : secured()) {
            ask(operation, world.anonymous()).is(401, "unauthenticated");
            for (String wrong :
                    List.of("Basic YTpi", "Bearer", "bearer " + anna.token() + " x", "Token " + anna.token())) {
                Answer answer = ask(operation, world.anonymous(), Map.of("Authorization", wrong));
                assertThat(answer.status()).as("%s with %s", operation, wrong).isEqualTo(401);
            }
        }
        assertThat(log()).isEqualTo(before);
    }

    @Test
    void aTokenInTheQueryIsNoTokenButForAWebSocket() {
        world.anonymous().get("/api/users/me?token=" + anna.token()).is(401);
        world.anonymous().get("/api/users/me?access_token=" + anna.token()).is(401);
    }

    @Test
    void anOutsiderGetsNothingFromAnyPathOfAChat() {
        for (var operation : secured()) {
            if (operation.path().contains("{chat_id}") || operation.path().contains("{message_id}")) {
                Answer answer = ask(operation, outsider.client());
                answer.is(404, "not_found");
                assertThat(answer.text()).doesNotContain("secret words");
            }
        }
        assertThat(log()).isEqualTo(before);
    }

    @Test
    void aBodyCanNotSayWhoOneIs() {
        ObjectNode body = Contract.JSON.createObjectNode();
        body.put("content", "as another").put("sender_id", outsider.id()).put("user_id", outsider.id());
        body.put("id", chat + ".99").put("seq", 99).put("type", "system").put("created_at", "2000-01-01T00:00:00.000Z");

        JsonNode sent = anna.client()
                .post("/api/chats/" + chat + "/messages", body)
                .is(201)
                .json();

        assertThat(sent.get("sender_id").asString()).isEqualTo(anna.id());
        assertThat(sent.get("seq").asLong()).isEqualTo(2);
        assertThat(sent.get("type").asString()).isEqualTo("text");
        assertThat(sent.get("created_at").asString()).doesNotStartWith("2000");
    }

    private JsonNode log() {
        return anna.client().get("/api/chats/" + chat + "/messages").json();
    }

    private static List<Operation> secured() {
        List<Operation> secured = Contract.natter().operations().stream()
                .filter(Operation::secured)
                .toList();
        assertThat(secured).hasSizeGreaterThanOrEqualTo(14);
        return secured;
    }

    private Answer ask(Operation operation, Client client) {
        return ask(operation, client, Map.of());
    }

    private Answer ask(Operation operation, Client client, Map<String, String> headers) {
        String path = operation.path(ids);
        if (operation.takesJson()) {
            return client.json(operation.method(), path, headers, operation.example());
        }
        Form form = new Form().file("file", "a.png", "image/png", Picture.png(8, 8));
        return operation.takesBody()
                ? client.send(operation.method(), path, headers, form.type(), form.bytes())
                : client.send(operation.method(), path, headers, null, new byte[0]);
    }
}
