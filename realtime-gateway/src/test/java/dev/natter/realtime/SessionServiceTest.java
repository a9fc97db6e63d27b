package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Internal;
import dev.natter.contracts.Subjects;
import dev.natter.contracts.UserEvent;
import dev.natter.platform.http.Json;
import dev.natter.testing.Socket;
import dev.natter.testing.StubPeer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How long a socket lives: as long as its token, or as its session if that ends before. */
class SessionServiceTest {
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();

    @BeforeAll
    static void begin() {
        stage = Stage.open("socket.frames.bad", "3");
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void aTokenThatIsAboutToExpireIsToldOfAndItsEndClosesTheSocket() {
        try (Socket socket = socket(token(Duration.ofSeconds(3)))) {
            JsonNode expiring = socket.await("token_expiring");
            Instant at = Instant.parse(expiring.path("expires_at").stringValue());

            assertThat(socket.frames().getFirst().path("type").stringValue()).isEqualTo("hello");
            assertThat(at).isBetween(Instant.now(), Instant.now().plusSeconds(3));
            assertThat(socket.awaitClose()).isEqualTo(4401);
            assertThat(Instant.now()).isAfterOrEqualTo(at);
            assertThat(socket.frames("token_expiring")).hasSize(1);
        }
    }

    @Test
    void anotherTokenInTimeKeepsTheSocketOpen() {
        try (Socket socket = socket(token(Duration.ofSeconds(3)))) {
            socket.await("token_expiring");
            socket.send(Map.of("type", "authenticate", "ref", "a", "token", token(Duration.ofSeconds(70))));

            JsonNode authenticated = socket.await("authenticated");
            assertThat(authenticated.path("ref").stringValue()).isEqualTo("a");
            Instant until = Instant.parse(authenticated.path("expires_at").stringValue());
            assertThat(until).isAfter(Instant.now().plusSeconds(60));
            Awaitility.await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
            socket.send(Map.of("type", "ping"));
            socket.await("pong");
            assertThat(socket.frames("token_expiring"))
                    .as("none for the new one yet, which has more than a minute")
                    .hasSize(1);
        }
    }

    @Test
    void aTokenOfAnotherUserIsForbiddenAndInsistingClosesTheSocket() {
        try (Socket socket = socket(token(Duration.ofHours(1)))) {
            String foreign = stage.ground().token(UUID.randomUUID());
            for (int i = 0; i < 3; i++) {
                socket.send(Map.of("type", "authenticate", "token", foreign, "ref", "f"));
                JsonNode error = socket.await("error");
                assertThat(error.path("code").stringValue()).isEqualTo("forbidden");
                assertThat(error.path("ref").stringValue()).isEqualTo("f");
            }
            assertThat(socket.awaitClose()).isEqualTo(4403);
        }
    }

    @Test
    void anInvalidTokenChangesNothingAndTryingManyClosesTheSocket() {
        try (Socket socket = socket(token(Duration.ofHours(1)))) {
            for (String bad : new String[] {"x", token(Duration.ofHours(-1))}) {
                socket.send(Map.of("type", "authenticate", "token", bad));
                assertThat(socket.await("error").path("code").stringValue()).isEqualTo("unauthenticated");
            }
            socket.send(Map.of("type", "authenticate", "token", token(Duration.ofHours(1))));
            socket.await("authenticated");

            for (int i = 0; i < 3; i++) {
                socket.send(Map.of("type", "authenticate", "token", ""));
            }
            assertThat(socket.awaitClose()).isEqualTo(4401);
        }
    }

    @Test
    void theEndOfASessionClosesItsSocketsAndNoOthers() {
        String token = token(Duration.ofHours(1));
        try (Socket phone = socket(token);
                Socket again = socket(token);
                Socket laptop = socket(token(Duration.ofHours(1)))) {
            endSession(phone);

            assertThat(phone.awaitClose()).isEqualTo(4401);
            assertThat(again.awaitClose()).isEqualTo(4401);
            laptop.send(Map.of("type", "ping"));
            laptop.await("pong");
            assertThat(Socket.refused(stage.uri("/ws/" + ann + "?token=" + token), Map.of()))
                    .isEqualTo(401);
            laptop.send(Map.of("type", "authenticate", "token", token));
            assertThat(laptop.await("error").path("code").stringValue()).isEqualTo("unauthenticated");
        }
    }

    @Test
    void aSocketBelongsToTheSessionWhoseTokenItShowedLast() {
        try (Socket first = socket(token(Duration.ofHours(1)));
                Socket second = socket(token(Duration.ofHours(1)))) {
            String other = token(Duration.ofHours(1));
            first.send(Map.of("type", "authenticate", "token", other));
            first.await("authenticated");
            endSession(first);
            endSession(second);
            assertThat(second.awaitClose()).isEqualTo(4401);
            first.send(Map.of("type", "ping"));
            first.await("pong");

            try (Socket third = socket(other)) {
                endSession(third);
                assertThat(first.awaitClose()).isEqualTo(4401);
            }
        }
    }

    @Test
    void anEndThatWasMissedWhileNatsWasAwayIsFoundOut() {
        try (Stage own = Stage.open();
                Socket phone = own.socket(ann);
                Socket laptop = own.socket(ann)) {
            String alive = laptop.frames().getFirst().path("session_id").stringValue();
            var asked = new AtomicInteger();
            own.log()
                    .peer()
                    .on(
                            "POST",
                            "/internal/sessions/alive",
                            request -> asked.getAndIncrement() == 0
                                    ? new Answer(503, null)
                                    : Answer.ok(new Internal.SessionIds(Set.of(alive))));

            own.ground().nats().crash();
            own.ground().nats().start();

            assertThat(phone.awaitClose()).isEqualTo(4401);
            laptop.send(Map.of("type", "ping"));
            laptop.await("pong");
        }
    }

    @Test
    void garbageAboutSessionsHurtsNobody() {
        try (Socket socket = socket(token(Duration.ofHours(1)))) {
            String subject = "natter.user." + ann + ".session_ended";
            stage.ground().excuse(subject);
            stage.log().publish(subject, new byte[] {'['});
            stage.log().publish(subject, Json.bytes(Map.of("type", "session_ended")));
            endSession(socket);

            assertThat(socket.awaitClose()).isEqualTo(4401);
        }
    }

    private Socket socket(String token) {
        Socket socket = Socket.open(stage.uri("/ws/" + ann), Map.of("Authorization", "Bearer " + token));
        socket.await("hello");
        return socket;
    }

    private String token(Duration lifetime) {
        return stage.ground().token(ann, lifetime);
    }

    /** Ends the session that a socket was opened with. */
    private void endSession(Socket socket) {
        String sessionId = socket.frames().getFirst().path("session_id").stringValue();
        var event = new UserEvent.SessionEnded(1, sessionId, Instant.now(), ann, sessionId);
        stage.log().publish(Subjects.of(ann, event), Json.bytes(event));
    }
}
