package dev.natter.message;

import static dev.natter.message.Running.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.FileEvent;
import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Internal.Changes;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.testing.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How pages are written. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageServiceTest {
    private static final String AWKWARD =
            "\" \\ / \b\t\n\f\r \u0001\u001f\u007f \u0080 Привет 漢字 \ud83d\ude00 \u2028 </script>";

    private Running running;

    @BeforeAll
    void open() {
        running = new Running();
    }

    @AfterAll
    void close() {
        running.close();
    }

    /** Pages are written straight from rows, single messages by way of their record. */
    @Test
    void aPageIsWrittenAsItsMessagesAre() {
        UUID chat = busyChat();

        for (String query : List.of("", "?after=0", "?before=4", "?around=3&limit=3", "?after=99", "?before=0")) {
            Reply page = running.as(running.bob).get("/api/chats/" + chat + "/messages" + query);
            assertThat(page.text()).as(query).isEqualTo(rewritten(page, Message[].class));
        }
        Message[] all =
                running.as(running.bob).get("/api/chats/" + chat + "/messages").as(Message[].class);
        assertThat(all).hasSize(5);
        for (Message message : all) {
            assertThat(running.as(running.bob)
                            .get("/api/messages/" + message.id())
                            .as(Message.class))
                    .isEqualTo(message);
        }
    }

    @Test
    void changesAreWrittenAsTheirMessagesAre() {
        UUID chat = busyChat();

        for (String query : List.of("", "?since=3", "?limit=2", "?since=99")) {
            Reply changes = running.as(running.bob).get("/api/chats/" + chat + "/changes" + query);
            assertThat(changes.text()).as(query).isEqualTo(rewritten(changes, Changes.class));
        }
        Reply none = running.peer().get("/internal/chats/" + Uuid7.next() + "/changes");
        assertThat(none.as(Changes.class).messages()).isEmpty();
        assertThat(none.text()).isEqualTo(rewritten(none, Changes.class));
    }

    /** More than a page's first buffer holds, and none of it plain. */
    @Test
    void aLargePageIsComplete() {
        UUID chat = running.chat();
        String long4000 = "\u0001".repeat(MessageApi.MAX_CONTENT);
        for (int message = 0; message < 20; message++) {
            assertThat(running.send(running.ann, chat, "x" + long4000.substring(1))
                            .status())
                    .isEqualTo(201);
        }

        Reply page = running.as(running.bob).get("/api/chats/" + chat + "/messages");

        assertThat(page.as(Message[].class)).hasSize(20);
        assertThat(page.text()).isEqualTo(rewritten(page, Message[].class));
    }

    @Test
    void whoHasAPageIsSentItAgainOnlyWhenTheChatHasChanged() {
        UUID chat = running.chat();
        running.send(running.ann, chat, "one");
        String path = "/api/chats/" + chat + "/messages?limit=1";
        String tag = running.as(running.bob).get(path).header("ETag");

        for (String known : List.of(tag, "W/" + tag)) {
            Reply same = running.as(running.bob).with("If-None-Match", known).get(path);
            assertThat(same.status()).isEqualTo(304);
            assertThat(same.body()).isEmpty();
            assertThat(same.header("ETag")).isEqualTo(tag);
            assertThat(same.header("Natter-Seq")).isEqualTo("1");
        }
        assertThat(running.as(running.eve).with("If-None-Match", tag).get(path).status())
                .isEqualTo(404);

        running.as(running.ann).put("/api/messages/" + chat + ".1", Map.of("content", "edited"));
        Reply changed = running.as(running.bob).with("If-None-Match", tag).get(path);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.as(Message[].class)[0].content()).isEqualTo("edited");
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
    }

    /** Pages that were read lately come from memory. */
    @Test
    void aPageThatWasReadBeforeShowsAllThatHappenedSince() {
        UUID chat = running.chat();
        List<String> windows = List.of("", "?limit=1", "?after=1", "?around=2&limit=2");
        List<Runnable> changes = List.of(
                () -> running.send(running.ann, chat, "one"),
                () -> running.send(running.bob, chat, "two"),
                () -> running.as(running.ann).put("/api/messages/" + chat + ".1", Map.of("content", "one, edited")),
                () -> attach(new MessageId(chat, 1)),
                () -> running.send(running.ann, chat, "three"),
                () -> running.as(running.bob).delete("/api/messages/" + chat + ".2"));
        for (Runnable change : changes) {
            windows.forEach(window -> page(chat, window));
            change.run();
            Message[] all = page(chat, "?limit=200");
            assertThat(page(chat, "")).isEqualTo(all);
            assertThat(page(chat, "?limit=1")).containsExactly(all[all.length - 1]);
            assertThat(page(chat, "?after=1")).isEqualTo(Arrays.copyOfRange(all, 1, all.length));
            for (Message message : all) {
                assertThat(running.as(running.bob)
                                .get("/api/messages/" + message.id())
                                .as(Message.class))
                        .isEqualTo(message);
            }
        }
        String path = "/api/chats/" + chat + "/messages";
        assertThat(running.as(running.eve).get(path).status()).isEqualTo(404);
    }

    private Message[] page(UUID chat, String window) {
        return running.as(running.bob)
                .get("/api/chats/" + chat + "/messages" + window)
                .as(Message[].class);
    }

    private static <T> String rewritten(Reply reply, Class<T> type) {
        return new Reply(reply.status(), reply.headers(), Json.bytes(reply.as(type))).text();
    }

    /** A message of each kind: awkward, an answer, edited, deleted, with files. */
    private UUID busyChat() {
        UUID chat = running.chat();
        var awkward = Map.of("content", AWKWARD, "client_id", AWKWARD);
        var answer = Map.of("content", "yes", "reply_to_id", chat + ".1");
        assertThat(running.as(running.ann)
                        .post("/api/chats/" + chat + "/messages", awkward)
                        .status())
                .isEqualTo(201);
        assertThat(running.as(running.bob)
                        .post("/api/chats/" + chat + "/messages", answer)
                        .status())
                .isEqualTo(201);
        running.send(running.ann, chat, "edited");
        running.send(running.ann, chat, "deleted");
        running.send(running.ann, chat, "with files");
        running.as(running.ann).put("/api/messages/" + chat + ".3", Map.of("content", "is edited"));
        running.as(running.ann).delete("/api/messages/" + chat + ".4");
        attach(new MessageId(chat, 5));
        return chat;
    }

    private void attach(MessageId id) {
        UUID fileId = Uuid7.next();
        var file = new FileInfo(
                fileId, "\"a\".png", 3, "image/png", "0".repeat(64), 1, 1, "/media/messages/" + fileId, null);
        var event = new FileEvent.Attached(id, "e-" + fileId, NOW, running.ann, List.of(file, file));
        running.bus
                .publish(Envelope.of(new Outgoing(Subjects.of(event), event.id(), 0, Json.bytes(event))))
                .join();
        await().until(() -> !running.as(running.bob)
                .get("/api/messages/" + id)
                .as(Message.class)
                .files()
                .isEmpty());
    }
}
