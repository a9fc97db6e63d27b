package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Envelope;
import dev.natter.platform.db.Database;
import dev.natter.testing.Samples;
import dev.natter.testing.StubPeer.Answer;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What chat-service and its neighbours say to each other, as the golden samples have it. */
class ContractServiceTest {
    private static final JsonNode MESSAGE = Samples.json("new_message").get("message");
    private static final String CHAT = MESSAGE.get("chat_id").asString();
    private static final UUID MEMBER = UUID.fromString(MESSAGE.get("sender_id").asString());

    private ChatStage stage;

    @BeforeEach
    void open() {
        stage = new ChatStage();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void whatMessageServiceTellsOfAChatIsItsNewestMessage() {
        stage.messageDown = true;
        sampledChat();
        try (Bus bus = Bus.open(stage.ground.config(), "test")) {
            bus.start();
            tell(bus, "new_message", "created");
            await().untilAsserted(
                            () -> assertThat(chat().at("/last_message/content")).isEqualTo(MESSAGE.get("content")));

            tell(bus, "message_updated", "updated");
            JsonNode edited = Samples.json("message_updated").at("/message/content");
            await().untilAsserted(
                            () -> assertThat(chat().at("/last_message/content")).isEqualTo(edited));

            tell(bus, "message_deleted", "deleted");
            await().untilAsserted(() -> assertThat(chat().at("/last_message/deleted_at"))
                    .isEqualTo(Samples.json("message_deleted").get("at")));
        }
    }

    @Test
    void howAChatStandsIsWhatMessageServiceAnswers() {
        sampledChat();
        stage.message.on("POST", "/internal/chats/states", _ -> Answer.ok(Samples.json("states")));

        assertThat(chat().get("seq")).isEqualTo(Samples.json("states").at("/states/0/seq"));
        assertThat(stage.as(MEMBER).get("/api/chats/" + CHAT).header("Natter-Epoch"))
                .isEqualTo(Samples.json("states").get("epoch").asString());
        JsonNode asked = stage.message.asked().getFirst().as(JsonNode.class);
        assertThat(asked.propertyNames()).isEqualTo(Samples.json("states_query").propertyNames());
    }

    @Test
    void usersAreThoseThatAuthServiceKnows() {
        stage.auth.on("POST", "/internal/users/known", _ -> Answer.ok(Samples.json("known_users")));
        UUID owner = stage.user();
        String known = Samples.json("known_users").at("/ids/0").asString();

        assertThat(stage.adds(owner, stage.group(owner), UUID.fromString(known)).status())
                .isLessThan(300);
        assertThat(stage.adds(owner, stage.group(owner), UUID.randomUUID()).status())
                .isEqualTo(422);
        assertThat(stage.auth.asked().getFirst().as(JsonNode.class).propertyNames())
                .isEqualTo(Samples.json("known_users").propertyNames());
    }

    @Test
    void itsAnswersAreThoseOfTheSamples() {
        UUID ann = stage.user();
        UUID bob = stage.user();
        UUID chat = stage.group(ann, bob);
        stage.removes(bob, stage.group(ann, bob), bob);
        var seats = Map.of("seats", new Object[] {Map.of("chat_id", chat, "user_id", bob)});
        var users = Map.of("ids", new Object[] {ann, bob});

        Samples.demandAlike("membership", stage.peer().get("/internal/chats/" + chat + "/members"));
        Samples.demandAlike("seats", stage.peer().post("/internal/seats", seats));
        Samples.demandAlike("chat_ids", stage.peer().get("/internal/users/" + ann + "/chats"));
        Samples.demandAlike("known_users", stage.peer().post("/internal/users/" + ann + "/acquaintances", users));
        Samples.demandAlike(
                "circles", stage.peer().post("/internal/circles", Map.of("chat_ids", new Object[] {chat}, "most", 5)));
        Samples.demandAlike("boxes", stage.peer().post("/internal/boxes", users));
        Samples.demandAlike("limits_chat", stage.peer().get("/internal/limits/chat"));
        Samples.demandAlike("box", stage.peer().get("/internal/users/" + bob + "/box?since=0&limit=10"));
    }

    @Test
    void itsQuestionsAreThoseOfTheSamples() {
        for (String question : new String[] {"seats", "circles"}) {
            String sample = question.equals("circles") ? "circles_query" : question;
            assertThat(stage.peer()
                            .post("/internal/" + question, Samples.json(sample))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(stage.peer()
                        .post("/internal/boxes", Samples.json("known_users"))
                        .status())
                .isEqualTo(200);
    }

    private void tell(Bus bus, String sample, String what) {
        bus.publish(Envelope.of(Samples.event(sample, "natter.message." + CHAT + "." + what)))
                .join();
    }

    private JsonNode chat() {
        return stage.as(MEMBER).get("/api/chats/" + CHAT).json();
    }

    /** The chat that all samples are of. */
    private void sampledChat() {
        try (Database database = Database.open(stage.ground.config(), "db/chat")) {
            database.start();
            for (String sql : new String[] {
                "INSERT INTO chats (id, type, title, member_count, version, created_at) VALUES ('%s', 'group', 'Crew', 1, 1, '2026-01-01')"
                        .formatted(CHAT),
                "INSERT INTO heads (chat_id, activity) VALUES ('%s', '2026-01-01')".formatted(CHAT),
                "INSERT INTO members (chat_id, place, user_id, role, joined_at) VALUES ('%s', 1, '%s', 'owner', '2026-01-01')"
                        .formatted(CHAT, MEMBER)
            }) {
                database.inTransaction(
                        connection -> connection.createStatement().executeUpdate(sql));
            }
        }
    }
}
