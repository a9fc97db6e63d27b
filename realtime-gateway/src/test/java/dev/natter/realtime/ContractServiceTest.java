package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.bus.Outgoing;
import dev.natter.testing.Api;
import dev.natter.testing.Samples;
import dev.natter.testing.Socket;
import dev.natter.testing.StubPeer.Answer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the gateway hears and is answered by its neighbours, as the golden samples have it. */
class ContractServiceTest {
    private static final String CHAT =
            Samples.json("new_message").get("chat_id").asString();
    private static final UUID USER =
            UUID.fromString(Samples.json("heads").at("/heads/0/user_id").asString());

    private Stage stage;

    @BeforeEach
    void open() {
        stage = Stage.open();
        answers("GET", "/internal/dataset", Samples.json("dataset"));
        answers("POST", "/internal/heads", Samples.json("heads"));
        answers("POST", "/internal/seats", Samples.json("seats"));
        answers("POST", "/internal/boxes", Samples.json("boxes"));
        answers("POST", "/internal/circles", Samples.json("circles"));
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void whoJoinsIsToldWhatTheLogHas() {
        answers("GET", "/internal/chats/([^/]+)/changes", Samples.json("changes"));
        try (Socket socket = stage.socket(USER)) {
            JsonNode hello = socket.frames("hello").getFirst();
            assertThat(hello.get("epoch")).isEqualTo(Samples.json("dataset").get("epoch"));

            socket.send(Stage.join(UUID.fromString(CHAT), 18));

            assertThat(socket.await("joined_chat").get("seq"))
                    .isEqualTo(Samples.json("heads").at("/heads/0/seq"));
            assertThat(socket.await("message_deleted").get("message_id"))
                    .isEqualTo(Samples.json("changes").at("/messages/0/id"));
        }
        asked("/internal/heads", "seats");
    }

    @Test
    void changesOfAChatAreHeardAsTheyHappen() {
        startOfTheSamples();
        try (Socket socket = stage.socket(USER)) {
            socket.send(Stage.join(UUID.fromString(CHAT)));
            socket.await("joined_chat");
            for (String what : List.of("new_message created", "message_updated updated", "message_deleted deleted")) {
                String type = what.split(" ")[0];
                publish(Samples.event(type, "natter.message." + CHAT + "." + what.split(" ")[1]));
                assertThat(socket.await(type)).isEqualTo(Samples.json(type));
            }
            for (String what : List.of("typing typing", "message_read read")) {
                String type = what.split(" ")[0];
                publish(Samples.event(type, "natter.live." + CHAT + "." + what.split(" ")[1]));
                assertThat(socket.await(type)).isEqualTo(Samples.json(type));
            }
        }
    }

    @Test
    void whatHappensToOnesChatsIsHeardInOrder() {
        stage.log().peer().on("POST", "/internal/boxes", _ -> Answer.ok(Map.of("seqs", Map.of(USER, 0))));
        try (Socket socket = stage.socket(USER)) {
            for (String type : List.of(
                    "chat_created",
                    "chat_updated",
                    "member_added",
                    "member_updated",
                    "member_removed",
                    "chat_deleted")) {
                JsonNode sample = Samples.json(type);
                publish(Samples.event(type, "natter.chat." + CHAT + "." + type.replace("chat_", "")));

                JsonNode heard = socket.await(type);
                assertThat(heard.get("user_seq"))
                        .isEqualTo(sample.get("user_seqs").get(USER.toString()));
                assertThat(heard.get("version")).isEqualTo(sample.get("version"));
            }
            publish(Samples.event("unread", "natter.live." + USER + ".unread"));
            assertThat(socket.await("unread")).isEqualTo(Samples.json("unread"));
            publish(Samples.event("chat_activity", "natter.live." + USER + ".activity"));
            assertThat(socket.await("chat_activity").get("last_message"))
                    .isEqualTo(Samples.json("chat_activity").get("last_message"));
        }
        asked("/internal/boxes", "known_users");
    }

    @Test
    void whatABoxMissedIsAskedFor() {
        UUID owner = UUID.fromString(Samples.json("box").get("user_id").asString());
        answers("GET", "/internal/users/([^/]+)/box", Samples.json("box"));
        stage.log().peer().on("POST", "/internal/boxes", _ -> Answer.ok(Map.of("seqs", Map.of(owner, 7))));
        try (Socket socket = stage.socket(owner)) {
            // It is number 9 of this box, so 8 was missed.
            publish(Samples.event("chat_deleted", "natter.chat." + CHAT + ".deleted"));

            assertThat(socket.await(frame -> frame.path("user_seq").asLong(0) == 8)
                            .get("chat_id"))
                    .isEqualTo(Samples.json("box").at("/entries/0/chat_id"));
        }
    }

    @Test
    void whatIsDoneThroughASocketIsAnsweredByMessageService() {
        answers("POST", "/internal/chats/([^/]+)/messages", Samples.json("message_sent"));
        answers("POST", "/internal/chats/([^/]+)/read", Samples.json("standing"));
        try (Socket socket = stage.socket(USER)) {
            socket.send(
                    Map.of("type", "send_message", "ref", "s", "chat_id", CHAT, "content", "hi", "client_id", "c-1"));
            assertThat(socket.await("message_sent").get("message"))
                    .isEqualTo(Samples.json("message_sent").get("message"));

            socket.send(Map.of("type", "mark_read", "ref", "r", "chat_id", CHAT, "seq", 17));
            assertThat(socket.await("marked_read").get("seq"))
                    .isEqualTo(Samples.json("standing").get("last_read_seq"));
        }
        asked("/internal/chats/[^/]+/read", "mark");
    }

    @Test
    void aTicketsSessionLetsInAndItsEndSendsAway() {
        ObjectNode holder = (ObjectNode) Samples.json("ticket_holder");
        holder.put("expires_at", Instant.now().plus(1, ChronoUnit.HOURS).toString());
        answers("POST", "/internal/tickets/redeem", holder);
        String ticket = Samples.json("ticket").get("ticket").asString();
        try (Socket socket = Socket.open(stage.uri("/ws/" + USER + "?ticket=" + ticket), Map.of())) {
            assertThat(socket.await("hello").get("session_id")).isEqualTo(holder.get("session_id"));

            publish(Samples.event("session_ended", "natter.user." + USER + ".session_ended"));

            assertThat(socket.awaitClose()).isEqualTo(4401);
        }
        asked("/internal/tickets/redeem", "ticket");
    }

    @Test
    void sessionsThatEndedWhileNatsWasAwayAreAskedFor() {
        answers("POST", "/internal/sessions/alive", Samples.json("session_ids"));
        try (Socket socket = stage.socket(USER)) {
            stage.ground().nats().crash();
            stage.ground().nats().start();

            assertThat(socket.awaitClose()).isEqualTo(4401);
        }
        asked("/internal/sessions/alive", "session_ids");
    }

    @Test
    void allChatsOfAUserAndWhomTheyKnowAreAskedFor() {
        startOfTheSamples();
        answers("GET", "/internal/users/([^/]+)/chats", Samples.json("chat_ids"));
        answers("POST", "/internal/users/([^/]+)/acquaintances", Samples.json("known_users"));
        try (Socket socket = stage.socket(USER, "?subscribe=all")) {
            Awaitility.await()
                    .until(() -> socket.frames().stream()
                            .anyMatch(frame -> frame.path("type").asString("").startsWith("joined_chat")
                                    && frame.toString().contains(CHAT)));
        }
        try (Socket stranger = stage.socket(UUID.randomUUID())) {
            stranger.send(Stage.asking("p", USER));
            assertThat(stranger.await("presence").toString()).contains(USER.toString());
        }
        asked("/internal/users/[^/]+/acquaintances", "known_users");
        asked("/internal/circles", "circles_query");
    }

    @Test
    void clientsAreToldTheLimitsThatServicesTell() {
        Map<String, String> sections = Map.of(
                "users", "limits_auth", "chats", "limits_chat", "messages", "limits_message", "files", "limits_media");
        sections.values()
                .forEach(sample -> answers("GET", "/internal/" + sample.replace('_', '/'), Samples.json(sample)));

        JsonNode told = new Api(stage.http("/")).get("/api/limits").json();

        sections.forEach((section, sample) -> assertThat(told.get(section)).isEqualTo(Samples.json(sample)));
    }

    /** The log stands before all that the samples tell of. */
    private void startOfTheSamples() {
        JsonNode heads = Samples.json("heads");
        ((ObjectNode) heads.at("/heads/0")).put("seq", 16);
        answers("POST", "/internal/heads", heads);
    }

    private void answers(String method, String path, JsonNode answer) {
        stage.log().peer().on(method, path, _ -> Answer.ok(answer));
    }

    /** The gateway has asked, and all that is in the sample was in the question. */
    private void asked(String path, String sample) {
        JsonNode question = stage.log().peer().asked().stream()
                .filter(request -> request.uri().getPath().matches(path))
                .findFirst()
                .orElseThrow()
                .as(JsonNode.class);
        assertThat(question.propertyNames()).containsAll(Samples.json(sample).propertyNames());
    }

    private void publish(Outgoing event) {
        stage.log().event(event.subject(), event.seq(), event.payload()).publish();
    }
}
