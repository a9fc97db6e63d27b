package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Frames of every wrong kind. */
@EachArrangement
@Tag("security")
class BadFramesTest {
    private static final Set<String> CODES =
            Set.of("malformed", "validation_failed", "not_found", "payload_too_large", "rate_limited");
    private static final Set<Integer> CLOSES = Set.of(1003, 1007, 1009, 4400);

    private final Person anna;
    private final Person boris;
    private final String chat;

    BadFramesTest(Arrangement arrangement) {
        var world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.person("boris");
        this.chat = anna.opensGroup("frames", boris);
    }

    @Test
    void aBadFrameIsAnsweredByAnErrorAndHurtsNobody() {
        try (Socket bystander = boris.joins(chat)) {
            for (String frame : badFrames()) {
                String shown = frame.substring(0, Math.min(100, frame.length()));
                try (Socket socket = anna.joins(chat)) {
                    socket.sendRaw(frame);
                    JsonNode error = socket.await("error");
                    assertThat(error.get("code").asString()).as(shown).isIn(CODES);
                    assertThat(error.get("detail").asString())
                            .as(shown)
                            .isNotBlank()
                            .doesNotContain("Exception");
                    socket.send(Map.of("type", "ping"));
                    socket.await("pong");
                }
            }
            anna.says(chat, "still here");
            bystander.await("new_message");
            assertThat(bystander.frames("typing")).isEmpty();
        }
    }

    @Test
    void aFrameThatIsTooLargeOrNoTextEndsTheConnection() {
        Socket large = anna.connects();
        sendAll(large, "{\"type\":\"ping\",\"x\":\"" + "y".repeat(70_000) + "\"}", 1);
        assertThat(large.awaitClose()).isIn(1009, Socket.NO_CLOSE_FRAME);

        Socket binary = anna.connects();
        binary.sendBinary(new byte[] {1, 2, 3});
        await().until(() -> !binary.frames("error").isEmpty() || CLOSES.contains(binary.awaitClose()));
        binary.abort();
    }

    @Test
    void whoKeepsSendingNonsenseIsDisconnected() {
        Socket socket = anna.connects();

        sendAll(socket, "nonsense", 500);

        assertThat(socket.awaitClose()).isIn(4400, 4429);
    }

    @Test
    void aFloodIsCutOffAndHurtsNobody() {
        try (Socket bystander = boris.joins(chat)) {
            Socket flood = anna.connects();

            // Frames that ask others for something are slowed down by waiting for the answers; these aren't.
            sendAll(flood, "{\"type\":\"ping\"}", 20_000);

            assertThat(flood.awaitClose()).isIn(4400, 4429);
            anna.says(chat, "calm");
            bystander.await("new_message");
        }
    }

    @Test
    void aFrameOfATypeThatIsNotKnownIsAnError() {
        try (Socket socket = anna.connects()) {
            socket.sendRaw(Map.of("type", "from_the_future", "ref", "f"));

            JsonNode error = socket.await("error");
            assertThat(error.get("ref").asString()).isEqualTo("f");
        }
    }

    private static void sendAll(Socket socket, String frame, int times) {
        try {
            for (int i = 0; i < times; i++) {
                socket.sendRaw(frame);
            }
        } catch (CompletionException cutOff) {
            assertThat(cutOff).hasCauseInstanceOf(java.io.IOException.class);
        }
    }

    private List<String> badFrames() {
        List<String> frames = new ArrayList<>(List.of(
                "",
                " ",
                "nonsense",
                "null",
                "[]",
                "42",
                "\"ping\"",
                "{",
                "{}",
                "{\"type\":null}",
                "{\"type\":42}",
                "{\"type\":[\"ping\"]}",
                "{\"type\":\"ping\"} {\"type\":\"ping\"}",
                "{\"type\":\"pi\\u0000ng\"}",
                "{\"type\":\"\\ud800\"}",
                "{\"type\":\"new_message\"}",
                "{\"type\":\"hello\"}",
                "{\"type\":\"ping\",\"ref\":{}}",
                "{\"type\":\"ping\",\"ref\":\"" + "r".repeat(10_000) + "\"}",
                "{\"type\":\"ping\",\"x\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}",
                "[".repeat(60_000)));
        for (String type : List.of("join_chat", "leave_chat", "typing")) {
            for (String id : List.of("null", "42", "{}", "[]", "\"\"", "\"nonsense\"", "\"\\u0000\"", "\"' OR 1=1\"")) {
                frames.add("{\"type\":\"" + type + "\",\"chat_id\":" + id + "}");
            }
            frames.add("{\"type\":\"" + type + "\"}");
        }
        for (String since : List.of("-1", "\"x\"", "1.5", "{}", "99999999999999999999", "true")) {
            frames.add("{\"type\":\"join_chat\",\"chat_id\":\"" + chat + "\",\"since\":" + since + "}");
        }
        for (String typing : List.of("\"yes\"", "{}", "[]")) {
            frames.add("{\"type\":\"typing\",\"chat_id\":\"" + chat + "\",\"is_typing\":" + typing + "}");
        }
        frames.add("{\"type\":\"join_chat\",\"chat_id\":\"" + UUID.randomUUID() + "\"}");
        return frames;
    }
}
