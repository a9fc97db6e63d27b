package dev.natter.message;

import static dev.natter.message.Running.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.FileEvent;
import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Internal.Membership;
import dev.natter.contracts.MessageId;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What becomes of a deleted chat. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PurgeServiceTest {
    private Running running;

    @BeforeAll
    void open() {
        running = new Running();
    }

    @AfterAll
    void close() {
        running.close();
    }

    @Test
    void aDeletedChatIsGoneAtOnceAndLeavesOnlyItsNumberBehind() {
        UUID chat = running.chat();
        UUID other = running.chat();
        running.fill(chat, 2500);
        running.fill(other, 10);
        running.as(running.bob).post("/api/chats/" + chat + "/read", Map.of("seq", 7));
        running.as(running.bob).post("/api/chats/" + other + "/read", Map.of("seq", 7));

        delete(chat, 2);

        await().atMost(Duration.ofSeconds(1))
                .until(() -> running.send(running.ann, chat, "late").status() == 404);
        assertThat(running.as(running.ann).get("/api/messages/" + chat + ".1").status())
                .isEqualTo(404);
        await().until(() -> count("message", chat) == 0 && count("read_position", chat) == 0);
        await().until(() -> count("chat_head", chat, "purged AND seq = 2500") == 1);
        assertThat(count("message", other)).isEqualTo(10);
        assertThat(count("read_position", other)).isEqualTo(1);
    }

    @Test
    void whatComesAfterADeletionBringsNothingBack() {
        UUID chat = running.chat();
        running.fill(chat, 1);
        delete(chat, 5);
        await().until(() -> count("chat_head", chat, "purged") == 1);
        var file = new FileInfo(Uuid7.next(), "a.png", 3, "image/png", "0".repeat(64), 1, 1, "/media/messages/x", null);
        var attached = new FileEvent.Attached(new MessageId(chat, 1), "e-" + chat, NOW, running.ann, List.of(file));

        running.is(chat, new Membership(chat, 4, running.members()));
        running.bus
                .publish(Envelope.of(new Outgoing(Subjects.of(attached), attached.id(), 0, Json.bytes(attached))))
                .join();
        delete(chat, 5);
        assertThat(running.send(running.ann, chat, "again").status()).isEqualTo(404);

        assertThat(count("member", chat)).isZero();
        assertThat(count("message", chat)).isZero();
        assertThat(count("chat_head", chat, "seq = 1")).isEqualTo(1);
    }

    @Test
    void aChatThatWasNeverHeardOfIsDeletedToo() {
        UUID chat = Uuid7.next();

        delete(chat, 9);

        await().until(() -> count("chat_head", chat, "purged AND members_version = 9") == 1);
        running.is(chat, new Membership(chat, 8, running.members()));
        assertThat(running.send(running.ann, chat, "again").status()).isEqualTo(404);
    }

    private void delete(UUID chat, long version) {
        running.is(chat, null);
        running.tell(new ChatEvent.Deleted(chat, version, "e" + version, NOW, running.ann, Map.of()), chat, version);
    }

    private long count(String table, UUID chat) {
        return count(table, chat, "true");
    }

    private long count(String table, UUID chat, String where) {
        return running.number("SELECT count(*) FROM " + table + " WHERE chat_id = ? AND " + where, chat);
    }
}
