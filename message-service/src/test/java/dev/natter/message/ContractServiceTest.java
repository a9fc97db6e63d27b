package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import dev.natter.testing.Samples;
import dev.natter.testing.StubPeer.Answer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What message-service and its neighbours say to each other, as the golden samples have it. */
class ContractServiceTest {
    private static final UUID CHAT =
            UUID.fromString(Samples.json("chat_created").get("chat_id").asString());
    private static final UUID OWNER = member(0);
    private static final UUID MEMBER = member(1);
    private static final UUID LATER = UUID.fromString(
            Samples.json("member_added").at("/members/0/user_id").asString());

    private Running running;

    @BeforeEach
    void open() {
        running = new Running();
    }

    @AfterEach
    void close() {
        running.close();
    }

    @Test
    void membersAreThoseOfWhomChatServiceTells() {
        tell("chat_created", "created");
        await().until(() -> maySend(OWNER) && maySend(MEMBER));
        assertThat(maySend(LATER)).isFalse();

        tell("chat_updated", "updated");
        tell("member_added", "member_added");
        await().until(() -> maySend(LATER));

        tell("member_updated", "member_updated");
        tell("member_removed", "member_removed");
        await().until(() -> !maySend(LATER));
        assertThat(maySend(OWNER)).isTrue();
        assertThat(running.number("SELECT members_version FROM chat_head WHERE chat_id = ?", CHAT))
                .isEqualTo(Samples.json("member_removed").get("version").asLong());

        tell("chat_deleted", "deleted");
        await().until(() -> !maySend(OWNER) && !maySend(MEMBER));
    }

    @Test
    void whoIsNotKnownYetIsAskedFor() {
        running.chatService.on("POST", "/internal/seats", _ -> Answer.ok(Samples.json("seats")));
        running.chatService.on("GET", "/internal/chats/(.+)/members", _ -> Answer.ok(Samples.json("membership")));

        assertThat(maySend(OWNER)).isTrue();
        assertThat(maySend(MEMBER)).isTrue();
        assertThat(running.chatService.asked().getFirst().as(JsonNode.class).propertyNames())
                .isEqualTo(Samples.json("seats").propertyNames());
    }

    @Test
    void filesOfMediaServiceAreTheMessages() {
        JsonNode sample = Samples.json("files_attached");
        tell("chat_created", "created");
        await().until(() -> maySend(OWNER));
        String message = sample.get("message_id").asString();
        while (!running.as(OWNER).get("/api/messages/" + message).json().has("content")) {
            running.send(OWNER, CHAT, "until there is number 17");
        }

        running.bus
                .publish(Envelope.of(Samples.event("files_attached", "natter.file." + CHAT + ".attached")))
                .join();

        await().untilAsserted(() -> assertThat(running.as(OWNER)
                        .get("/api/messages/" + message)
                        .json()
                        .get("files")
                        .findValuesAsString("sha256"))
                .isEqualTo(sample.get("files").findValuesAsString("sha256")));
    }

    @Test
    void itsAnswersAreThoseOfTheSamples() {
        UUID chat = running.chat();
        var seats = Map.of("seats", List.of(Map.of("chat_id", chat, "user_id", running.ann)));
        String inChat = "/internal/chats/" + chat;
        String asAnn = "?user_id=" + running.ann;

        Samples.demandAlike(
                "message_sent", running.peer().post(inChat + "/messages" + asAnn, Map.of("content", "one")));
        Samples.demandAlike("standing", running.peer().post(inChat + "/read" + asAnn, Samples.json("mark")));
        Samples.demandAlike("limits_message", running.peer().get("/internal/limits/message"));
        Samples.demandAlike("dataset", running.peer().get("/internal/dataset"));
        Samples.demandAlike("heads", running.peer().post("/internal/heads", seats));
        Samples.demandAlike("changes", running.peer().get(inChat + "/changes?since=0&limit=10"));
        Samples.demandAlike("message", running.peer().get("/internal/messages/" + chat + ".1" + asAnn));
        Samples.demandAlike(
                "states",
                running.peer()
                        .post("/internal/chats/states", Map.of("user_id", running.ann, "chat_ids", List.of(chat))));
    }

    @Test
    void itsQuestionsAreThoseOfTheSamples() {
        assertThat(running.peer().post("/internal/heads", Samples.json("seats")).status())
                .isEqualTo(200);
        assertThat(running.peer()
                        .post("/internal/chats/states", Samples.json("states_query"))
                        .status())
                .isEqualTo(200);
    }

    private static UUID member(int place) {
        return UUID.fromString(Samples.json("chat_created")
                .at("/members/" + place + "/user_id")
                .asString());
    }

    private void tell(String sample, String what) {
        Outgoing event = Samples.event(sample, "natter.chat." + CHAT + "." + what);
        running.bus.publish(Envelope.of(event)).join();
    }

    private boolean maySend(UUID user) {
        return running.send(user, CHAT, "may I?").status() == 201;
    }
}
