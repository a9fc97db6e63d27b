package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.http.Json;
import dev.natter.testing.Socket;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What members of a chat see of each other beside messages: who types, who has read. */
class HintServiceTest {
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID chat = stage.log().chat(ann, bob);

    @BeforeAll
    static void begin() {
        stage = Stage.open("typing.lifetime", "PT1S", "typing.interval", "PT0.5S");
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void typingIsSeenByOthersAndEnds() {
        try (Socket a = stage.socket(ann);
                Socket again = stage.socket(ann);
                Socket b = stage.socket(bob)) {
            for (Socket socket : List.of(a, again, b)) {
                socket.send(Stage.join(chat));
                socket.await("joined_chat");
            }
            a.send(Map.of("type", "typing", "chat_id", chat));
            a.send(Map.of("type", "typing", "chat_id", chat));

            JsonNode typing = b.await("typing");
            assertThat(typing.path("user_id").stringValue()).isEqualTo(ann.toString());
            assertThat(typing.path("is_typing").booleanValue()).isTrue();
            assertThat(b.await("typing").path("is_typing").booleanValue())
                    .as("the second came too soon to count, so the next is the end")
                    .isFalse();
            a.send(Map.of("type", "typing", "chat_id", chat));
            a.send(Map.of("type", "typing", "chat_id", chat, "is_typing", false));
            assertThat(b.await("typing").path("is_typing").booleanValue()).isTrue();
            assertThat(b.await("typing").path("is_typing").booleanValue()).isFalse();
            assertThat(a.frames("typing")).isEmpty();
            assertThat(again.frames("typing")).isEmpty();
        }
    }

    @Test
    void readingIsSeenByEveryoneInTheChat() {
        try (Socket a = stage.socket(ann);
                Socket b = stage.socket(bob)) {
            for (Socket socket : List.of(a, b)) {
                socket.send(Stage.join(chat));
                socket.await("joined_chat");
            }

            stage.log().publish(Subjects.read(chat), Json.bytes(new LiveEvent.MessageRead(chat, bob, 7)));

            for (Socket socket : List.of(a, b)) {
                JsonNode read = socket.await("message_read");
                assertThat(read.path("user_id").stringValue()).isEqualTo(bob.toString());
                assertThat(read.path("seq").longValue()).isEqualTo(7);
            }
        }
    }
}
