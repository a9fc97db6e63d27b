package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.platform.run.Node;
import dev.natter.testing.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who is told who is online: by asking, at one gateway and across several. */
class PresenceServiceTest {
    private static Stage stage;
    private static Node other;

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID eve = UUID.randomUUID();
    private final UUID chat = stage.log().chat(ann, bob);

    @BeforeAll
    static void begin() {
        stage = Stage.open("presence.grace", "PT0.7S", "presence.announce", "PT0.4S", "presence.users", "20");
        other = stage.another();
    }

    @AfterAll
    static void end() {
        other.close();
        stage.close();
    }

    @Test
    void whoeverComesAndGoesIsToldToThoseWhoAskedAtAnyGateway() {
        try (Socket here = stage.socket(ann);
                Socket there = stage.socket(other, ann)) {
            for (Socket a : List.of(here, there)) {
                a.send(Stage.asking("r", bob));
                JsonNode first = a.await("presence");
                assertThat(first.path("ref").stringValue()).isEqualTo("r");
                assertThat(first.path("user_id").stringValue()).isEqualTo(bob.toString());
                assertThat(first.path("online").booleanValue()).isFalse();
                assertThat(first.path("last_seen_at").isNull()).isTrue();
            }

            Socket b = stage.socket(bob);
            for (Socket a : List.of(here, there)) {
                JsonNode online = a.await("presence");
                assertThat(online.has("ref")).isFalse();
                assertThat(online.path("online").booleanValue()).isTrue();
                assertThat(online.path("last_seen_at").isNull()).isTrue();
            }
            Instant before = Instant.now().minusMillis(1);
            b.close();
            for (Socket a : List.of(here, there)) {
                JsonNode offline = a.await("presence");
                assertThat(offline.path("online").booleanValue()).isFalse();
                assertThat(Instant.parse(offline.path("last_seen_at").stringValue()))
                        .isBetween(before, before.plusSeconds(5));
            }
        }
    }

    @Test
    void howItIsNowIsAskedOfTheOtherGateways() {
        UUID carl = UUID.randomUUID();
        stage.log().chat(ann, carl);
        try (Socket _ = stage.socket(other, bob)) {
            stage.socket(other, carl).close();
            try (Socket a = stage.socket(ann)) {
                await().untilAsserted(() -> {
                    a.send(Stage.asking("again", carl));
                    assertThat(a.await("presence").path("last_seen_at").isNull())
                            .as("the other gateway remembers when they were seen")
                            .isFalse();
                    a.send(Stage.asking("none"));
                });
                a.send(Stage.asking("now", bob));
                assertThat(a.await(frame -> frame.path("ref").asString("").equals("now"))
                                .path("online")
                                .booleanValue())
                        .isTrue();
            }
        }
    }

    @Test
    void aReconnectIsNotTold() {
        try (Socket a = stage.socket(ann)) {
            Socket b = stage.socket(bob);
            a.send(Stage.asking("r", bob));
            assertThat(a.await("presence").path("online").booleanValue()).isTrue();

            b.close();
            try (Socket _ = stage.socket(other, bob)) {
                stage.socket(bob).close();
                staysAt(1, a);
            }
            assertThat(a.await("presence").path("online").booleanValue()).isFalse();
        }
    }

    @Test
    void aUserIsOnlineAsLongAsAnySocketIsOpen() {
        try (Socket a = stage.socket(ann);
                Socket _ = stage.socket(bob)) {
            a.send(Stage.asking("r", bob));
            a.await("presence");

            stage.socket(bob).close();
            stage.socket(other, bob).close();
            staysAt(1, a);
        }
    }

    @Test
    void whoeverSharesNoChatLooksOfflineForEver() {
        try (Socket e = stage.socket(eve);
                Socket _ = stage.socket(bob)) {
            e.send(Stage.asking("r", bob, UUID.randomUUID()));

            assertThat(e.await("presence").path("online").booleanValue()).isFalse();
            assertThat(e.await("presence").path("online").booleanValue()).isFalse();
            stage.socket(other, bob).close();
            staysAt(2, e);
            assertThat(e.frames("presence")).hasSize(2).allSatisfy(frame -> {
                assertThat(frame.path("ref").stringValue()).isEqualTo("r");
                assertThat(frame.path("last_seen_at").isNull()).isTrue();
            });
        }
    }

    @Test
    void askingForOthersReplacesAndAskingForNobodyEndsIt() {
        UUID carl = UUID.randomUUID();
        stage.log().chat(ann, carl);
        try (Socket a = stage.socket(ann)) {
            a.send(Stage.asking("1", bob));
            a.await("presence");
            a.send(Stage.asking("2", carl));
            a.await("presence");
            Socket b = stage.socket(bob);
            Socket c = stage.socket(carl);
            assertThat(a.await("presence").path("user_id").stringValue()).isEqualTo(carl.toString());

            a.send(Stage.asking("3"));
            a.send(Map.of("type", "ping"));
            a.await("pong");
            b.close();
            c.close();
            staysAt(3, a);
        }
    }

    @Test
    void oneCanSeeOneselfAndIsToldOnce() {
        try (Socket a = stage.socket(ann)) {
            a.send(Stage.asking("r", ann, ann));

            assertThat(a.await("presence").path("online").booleanValue()).isTrue();
            staysAt(1, a);
        }
    }

    @Test
    void flappingIsToldAtMostOnceASecond() {
        try (Stage own = Stage.open("presence.grace", "PT0.001S")) {
            own.log().chat(ann, bob);
            try (Socket a = own.socket(ann)) {
                a.send(Stage.asking("r", bob));
                a.await("presence");
                long began = System.nanoTime();
                await().pollInterval(Duration.ofMillis(150)).until(() -> {
                    own.socket(bob).close();
                    return System.nanoTime() - began > 3_000_000_000L;
                });

                assertThat(a.frames("presence")).hasSizeBetween(2, 6);
                await().atMost(Duration.ofSeconds(5))
                        .until(() ->
                                !a.frames("presence").getLast().path("online").booleanValue());
            }
        }
    }

    @Test
    void whatIsNoListOfUsersOrTooLongIsRefused() {
        try (Socket a = stage.socket(ann)) {
            a.sendRaw(Map.of("type", "subscribe_presence", "ref", "1"));
            assertThat(a.await("error").path("code").stringValue()).isEqualTo("validation_failed");
            a.sendRaw(Map.of("type", "subscribe_presence", "user_ids", List.of("nobody")));
            assertThat(a.await("error").path("code").stringValue()).isEqualTo("validation_failed");
            UUID[] many = new UUID[21];
            for (int i = 0; i < many.length; i++) {
                many[i] = UUID.randomUUID();
            }
            a.send(Stage.asking("r", many));
            assertThat(a.await("error").path("code").stringValue()).isEqualTo("validation_failed");
            assertThat(a.frames("hello")
                            .getFirst()
                            .path("limits")
                            .path("presence_users")
                            .intValue())
                    .isEqualTo(20);
            assertThat(a.frames("presence")).isEmpty();
        }
    }

    @Test
    void withoutChatServiceNothingChanges() {
        UUID carl = UUID.randomUUID();
        try (Stage own = Stage.open()) {
            own.log().chat(ann, bob);
            own.log().chat(ann, carl);
            try (Socket a = own.socket(ann)) {
                a.send(Stage.asking("1", bob));
                a.await("presence");
                own.log().members().down(true);
                a.send(Stage.asking("2", carl));
                assertThat(a.await("error").path("code").stringValue()).isEqualTo("unavailable");

                try (Socket _ = own.socket(bob)) {
                    assertThat(a.await("presence").path("online").booleanValue())
                            .isTrue();
                }
            }
        }
    }

    /** For longer than a grace, and than it takes to be told. */
    private static void staysAt(int count, Socket socket) {
        await().during(Duration.ofMillis(1500))
                .until(() -> socket.frames("presence").size() == count);
    }
}
