package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.PresenceEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.http.Json;
import dev.natter.platform.run.Node;
import dev.natter.testing.Socket;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of presence when gateways, or what they tell each other, are lost. */
class PresenceLossServiceTest {
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID eve = UUID.randomUUID();
    private final UUID chat = stage.log().chat(ann, bob);

    @BeforeAll
    static void begin() {
        stage = Stage.open("presence.grace", "PT0.7S", "presence.announce", "PT0.4S");
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void aGatewayThatFallsSilentTakesItsUsersWithIt() {
        String ghost = UUID.randomUUID().toString();
        try (Socket a = stage.socket(ann)) {
            a.send(Stage.asking("r", bob));
            a.await("presence");
            say(new PresenceEvent.Attendance(ghost, 1, false, List.of(bob), Map.of()));
            assertThat(a.await("presence").path("online").booleanValue()).isTrue();

            JsonNode offline = a.await("presence");
            assertThat(offline.path("online").booleanValue()).isFalse();
            assertThat(Instant.parse(offline.path("last_seen_at").stringValue()))
                    .isBefore(Instant.now().minusMillis(900));
        }
    }

    @Test
    void whoeverMissedWhatAGatewayToldAsksIt() {
        String ghost = UUID.randomUUID().toString();
        try (Socket a = stage.socket(ann)) {
            a.send(Stage.asking("r", bob));
            a.await("presence");
            say(new PresenceEvent.Attendance(ghost, 1, false, List.of(), Map.of()));
            try (var listening = stage.log().listen(Subjects.presence(ghost))) {
                say(new PresenceEvent.Attendance(ghost, 3, false, List.of(), Map.of()));

                var question = (PresenceEvent.Asked) listening.await(asked -> asked instanceof PresenceEvent.Asked about
                        && about.userIds().contains(bob));
                stage.log()
                        .publish(
                                Subjects.presence(question.gateway()),
                                Json.bytes(new PresenceEvent.Answered(
                                        ghost, question.question(), 3, List.of(bob), Map.of())));
                assertThat(a.await("presence").path("online").booleanValue()).isTrue();
            }
        }
    }

    @Test
    void aGatewayThatStopsSaysSo() {
        try (Socket a = stage.socket(ann)) {
            try (Node third = stage.another()) {
                stage.socket(third, bob);
                a.send(Stage.asking("r", bob));
                assertThat(a.await("presence").path("online").booleanValue()).isTrue();
            }
            assertThat(a.await("presence").path("online").booleanValue()).isFalse();
        }
    }

    @Test
    void presenceOutlivesNats() {
        try (Stage own = Stage.open("presence.grace", "PT0.3S", "presence.announce", "PT0.4S");
                Node neighbour = own.another()) {
            own.log().chat(ann, bob, eve);
            Socket b = own.socket(neighbour, bob);
            try (Socket a = own.socket(ann)) {
                a.send(Stage.asking("r", bob, eve));
                a.await(frame -> tells(frame, bob, true));
                own.ground().nats().crash();
                b.close();
                try (Socket _ = own.socket(neighbour, eve)) {
                    own.ground().nats().start();

                    a.await(frame -> tells(frame, bob, false));
                    a.await(frame -> tells(frame, eve, true));
                }
            }
        }
    }

    private static boolean tells(JsonNode frame, UUID userId, boolean online) {
        return frame.path("user_id").asString("").equals(userId.toString())
                && frame.path("online").booleanValue() == online;
    }

    private static void say(PresenceEvent event) {
        stage.log().publish(Subjects.PRESENCE, Json.bytes(event));
    }
}
