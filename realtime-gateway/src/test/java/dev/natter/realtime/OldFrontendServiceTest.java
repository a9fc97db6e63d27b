package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A frontend that was written before Natter: it knows {@code join_chat}, {@code leave_chat}, {@code typing} and the
 * three kinds of message, passes over everything else, and never sends {@code ref}, {@code ping} or {@code since}.
 */
class OldFrontendServiceTest {
    private final Stage stage = Stage.open("socket.heartbeat", "PT0.2S", "socket.silence", "PT1S");
    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID chat = stage.log().chat(ann, bob);

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void itLivesOnWithoutEverSayingThatItDoes() {
        try (Socket frontend = opens()) {
            await().until(() -> frontend.pings() >= 10);

            stage.log().send(chat, bob, "still there?").publish();

            frontend.await("new_message");
            assertThat(frontend.frames("error")).isEmpty();
        }
    }

    @Test
    void itSeesAllThatHappensAndNothingUnasked() {
        try (Socket frontend = opens();
                Socket other = stage.socket(bob)) {
            other.send(Stage.join(chat));
            other.await("joined_chat");

            stage.log().send(chat, bob, "one").publish();
            assertThat(frontend.await("new_message")
                            .path("message")
                            .path("content")
                            .stringValue())
                    .isEqualTo("one");
            stage.log().edit(chat, 1, "two").publish();
            assertThat(frontend.await("message_updated")
                            .path("message")
                            .path("content")
                            .stringValue())
                    .isEqualTo("two");
            stage.log().delete(chat, 1).publish();
            assertThat(frontend.await("message_deleted").path("message_id").stringValue())
                    .isEqualTo(chat + ".1");

            frontend.send(Map.of("type", "typing", "chat_id", chat));
            assertThat(other.await("typing").path("is_typing").booleanValue()).isTrue();
            frontend.send(Map.of("type", "leave_chat", "chat_id", chat));
            frontend.await("left_chat");
            assertThat(frontend.frames("error")).isEmpty();
            assertThat(frontend.frames()).noneMatch(frame -> frame.has("ref"));
        }
    }

    @Test
    void itComesBackAfterARestartAndGoesOn() {
        try (Socket before = opens()) {
            stage.restart();
            assertThat(before.awaitClose()).isEqualTo(1012);
        }
        try (Socket after = opens()) {
            stage.log().send(chat, bob, "hello again").publish();

            after.await("new_message");
        }
    }

    private Socket opens() {
        Socket frontend =
                Socket.open(stage.uri("/ws/" + ann + "?token=" + stage.ground().token(ann)), Map.of());
        frontend.send(Map.of("type", "join_chat", "chat_id", chat));
        frontend.await("joined_chat");
        return frontend;
    }
}
