package dev.natter.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.testing.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What becomes of the files of a deleted chat. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeletedChatServiceTest {
    private static final UUID ANNA = Uuid7.next();

    private MediaGround media;
    private Bus bus;
    private Database database;

    @BeforeAll
    void open() {
        media = new MediaGround(Map.of());
        bus = Bus.open(media.config, "test");
        bus.start();
        database = Database.open(media.config, "db/media");
        database.start();
    }

    @AfterAll
    void close() {
        database.close();
        bus.close();
        media.close();
    }

    @Test
    void aDeletedChatTakesAllItsFilesAlongAndNoOthers() {
        UUID chat = Uuid7.next();
        UUID other = Uuid7.next();
        FileInfo gone = attach(chat, "gone").as(FileInfo[].class)[0];
        FileInfo stays = attach(other, "stays").as(FileInfo[].class)[0];
        fill(chat, 1200);

        delete(chat);
        delete(chat);

        await().until(() -> number("SELECT count(*) FROM deleted_chats WHERE purged AND chat_id = ?", chat) == 1);
        assertThat(number("SELECT count(*) FROM files WHERE chat_id = ?", chat)).isZero();
        assertThat(number("SELECT count(*) FROM messages WHERE chat_id = ?", chat))
                .isZero();
        assertThat(media.anyone().get(gone.url()).status()).isEqualTo(404);
        assertThat(media.anyone().get(stays.url()).status()).isEqualTo(200);
        await().until(() -> media.stored().stream()
                .noneMatch(path -> path.toString().contains(gone.id().toString())));
    }

    @Test
    void nothingIsAttachedInADeletedChatHoweverManyUploadsAreUnderWay() {
        UUID chat = Uuid7.next();
        List<CompletableFuture<Reply>> uploads = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                String text = "file " + i;
                uploads.add(CompletableFuture.supplyAsync(() -> attach(chat, text), threads));
                if (i == 20) {
                    delete(chat);
                }
            }
        }

        assertThat(uploads)
                .extracting(CompletableFuture::join)
                .extracting(Reply::status)
                .isSubsetOf(201, 404);
        await().until(() -> number("SELECT count(*) FROM deleted_chats WHERE purged AND chat_id = ?", chat) == 1);
        assertThat(attach(chat, "late").status()).isEqualTo(404);
        assertThat(number("SELECT count(*) FROM files WHERE chat_id = ?", chat)).isZero();
    }

    private Reply attach(UUID chat, String text) {
        return media.attach(ANNA, media.message(chat, ANNA, null), Form.of("a.txt", text.getBytes(UTF_8)));
    }

    private void delete(UUID chat) {
        var event = new ChatEvent.Deleted(chat, 9, chat + ".9", Instant.now(), ANNA, Map.of());
        bus.publish(Envelope.of(
                        new Outgoing(Subjects.of(chat, event), Uuid7.next().toString(), 9, Json.bytes(event))))
                .join();
    }

    /** Rows of files, without bytes. */
    private void fill(UUID chat, int files) {
        database.inTransaction(connection -> {
            try (var insert = connection.prepareStatement("""
                    WITH message AS (INSERT INTO messages (chat_id, seq) SELECT ?, n + 1000000 FROM generate_series(1, ?) n RETURNING *)
                    INSERT INTO files (id, chat_id, seq, user_id, name, size, content_type, sha256)
                    SELECT gen_random_uuid(), chat_id, seq, ?, 'a', 1, 'text/plain', 'x' FROM message""")) {
                insert.setObject(1, chat);
                insert.setInt(2, files);
                insert.setObject(3, ANNA);
                return insert.executeUpdate();
            }
        });
    }

    private long number(String sql, UUID chat) {
        return database.read(connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                statement.setObject(1, chat);
                try (var row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }
}
