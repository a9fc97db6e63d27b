package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Internal;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.testing.Socket;
import dev.natter.testing.StubPeer.Answer;
import dev.natter.testing.StubPeer.Request;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a client has done through its socket. */
class DeedServiceTest {
    private static final String SEND = "/internal/chats/([^/]+)/messages";
    private static final String READ = "/internal/chats/([^/]+)/read";

    private final UUID ann = UUID.randomUUID();
    private final UUID chat = UUID.randomUUID();
    private Stage stage;

    @BeforeEach
    void begin() {
        stage = Stage.open();
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void whatIsSentIsAnsweredWithTheMessageOfTheLog() {
        stage.log().peer().on("POST", SEND, request -> Answer.ok(new Internal.MessageSent(message("Привет"), false)));
        try (Socket socket = stage.socket(ann)) {
            socket.send(Map.of(
                    "type", "send_message", "ref", "s1", "chat_id", chat, "content", "Привет", "client_id", "c1"));

            JsonNode sent = socket.await("message_sent");
            assertThat(sent.path("ref").stringValue()).isEqualTo("s1");
            assertThat(sent.path("replayed").booleanValue()).isFalse();
            assertThat(sent.path("message").path("content").stringValue()).isEqualTo("Привет");
            assertThat(sent.path("message").path("seq").longValue()).isEqualTo(1);
        }
        Request asked = asked(SEND).getFirst();
        assertThat(asked.uri().getPath()).contains(chat.toString());
        assertThat(asked.query("user_id")).isEqualTo(ann.toString());
        assertThat(asked.as(JsonNode.class).path("client_id").stringValue()).isEqualTo("c1");
    }

    @Test
    void aFrameIsLargeEnoughForTheLongestMessageHoweverItIsWritten() {
        stage.log().peer().on("POST", SEND, request -> Answer.ok(new Internal.MessageSent(message("ok"), false)));
        String content = "👋".repeat(4000);
        String escaped = "\\uD83D\\uDC4B".repeat(4000);
        try (Socket socket = stage.socket(ann)) {
            for (String text : List.of(content, escaped)) {
                socket.send("{\"type\":\"send_message\",\"chat_id\":\"" + chat + "\",\"content\":\"" + text + "\"}");
                socket.await("message_sent");
            }
        }
        assertThat(asked(SEND))
                .allSatisfy(request -> assertThat(
                                request.as(JsonNode.class).path("content").stringValue())
                        .isEqualTo(content));
    }

    @Test
    void whatMessageServiceRefusesIsAnErrorWithItsCode() {
        stage.log()
                .peer()
                .on(
                        "POST",
                        SEND,
                        request -> new Answer(422, problem("validation_failed", "'content' is needed.", false)));
        try (Socket socket = stage.socket(ann)) {
            socket.sendRaw(Map.of("type", "send_message", "ref", "s2", "chat_id", chat));

            JsonNode error = socket.await("error");
            assertThat(error.path("ref").stringValue()).isEqualTo("s2");
            assertThat(error.path("code").stringValue()).isEqualTo("validation_failed");
            assertThat(error.path("detail").stringValue()).isEqualTo("'content' is needed.");
            assertThat(error.path("retryable").booleanValue()).isFalse();
        }
    }

    @Test
    void whileMessageServiceIsAwayASendMayBeTriedAgainLater() {
        stage.log().peer().on("POST", SEND, request -> new Answer(503, problem("unavailable", "Not now.", true)));
        try (Socket socket = stage.socket(ann)) {
            socket.send(Map.of("type", "send_message", "chat_id", chat, "content", "x", "client_id", "c"));

            JsonNode error = socket.await("error");
            assertThat(error.path("code").stringValue()).isEqualTo("unavailable");
            assertThat(error.path("retryable").booleanValue()).isTrue();
        }
    }

    @Test
    void aMessageServiceThatNeverAnswersHoldsASocketOnlyForSeconds() throws InterruptedException {
        CountDownLatch released = new CountDownLatch(1);
        stage.log().peer().on("POST", SEND, request -> {
            await(released);
            return Answer.ok(null);
        });
        try (Socket socket = stage.socket(ann)) {
            long begun = System.nanoTime();
            socket.send(Map.of("type", "send_message", "chat_id", chat, "content", "x", "client_id", "c"));

            JsonNode error = socket.await("error");
            assertThat(error.path("retryable").booleanValue()).isTrue();
            assertThat(error.path("retry_after_ms").longValue()).isPositive();
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun))
                    .isLessThan(8);
            assertThat(asked(SEND)).hasSize(1);
        } finally {
            released.countDown();
        }
    }

    @Test
    void whoHasReadIsToldHowTheChatStands() {
        stage.log().peer().on("POST", READ, request -> {
            long seq = request.as(Internal.Mark.class).seq();
            return Answer.ok(new Internal.Standing(chat, seq, 2));
        });
        try (Socket socket = stage.socket(ann)) {
            socket.send(Map.of("type", "mark_read", "chat_id", chat, "seq", 41));

            JsonNode marked = socket.await("marked_read");
            assertThat(marked.path("chat_id").stringValue()).isEqualTo(chat.toString());
            assertThat(marked.path("seq").longValue()).isEqualTo(41);
            assertThat(marked.path("unread_count").intValue()).isEqualTo(2);
            assertThat(marked.has("ref")).isFalse();
        }
    }

    @Test
    void aStrangerIsToldThatThereIsNoSuchChat() {
        stage.log().peer().on("POST", READ, request -> new Answer(404, problem("not_found", "No such chat.", false)));
        try (Socket socket = stage.socket(ann)) {
            socket.send(Map.of("type", "mark_read", "chat_id", chat, "seq", 1));

            assertThat(socket.await("error").path("code").stringValue()).isEqualTo("not_found");
        }
    }

    private List<Request> asked(String path) {
        return stage.log().peer().asked().stream()
                .filter(request -> request.uri().getPath().matches(path))
                .toList();
    }

    private Message message(String content) {
        var id = new MessageId(chat, 1);
        return new Message(
                id, chat, 1, 1, Message.Type.text, ann, content, null, null, "c1", Instant.now(), null, null);
    }

    private static Map<String, Object> problem(String code, String detail, boolean retryable) {
        return Map.of("code", code, "detail", detail, "retryable", retryable);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
