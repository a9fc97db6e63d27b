package dev.natter.chat;

import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageEvent;
import dev.natter.contracts.MessageEvent.Created;
import dev.natter.contracts.MessageEvent.Deleted;
import dev.natter.contracts.MessageEvent.Unknown;
import dev.natter.contracts.MessageEvent.Updated;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.db.Database;
import dev.natter.platform.http.Json;
import dev.natter.platform.token.SignedUrl;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * The newest message of each chat, followed from message-service's events: it orders a user's chats, and is what they
 * are shown while message-service can't be asked. Nothing here is the truth; the truth is the log.
 *
 * <p>Events may come late, twice and in any order. What is kept of a chat is the message with the highest number, as of
 * the highest change of it, and both only grow; so the last word is the same whatever came first. One statement an
 * event, so instances that share the work need no lock.
 */
final class Heads {
    private static final String SHOW = """
            UPDATE heads SET
              seq = greatest(seq, ?),
              activity = greatest(activity, ?),
              message_seq = greatest(message_seq, ?),
              changed_seq = CASE WHEN (message_seq, changed_seq) < (?, ?) THEN ? ELSE changed_seq END,
              message = CASE WHEN (message_seq, changed_seq) < (?, ?) THEN ?::jsonb ELSE message END
            WHERE chat_id = ? AND (seq < ? OR (message_seq, changed_seq) < (?, ?))""";

    private static final String CLEAR = """
            UPDATE heads SET
              seq = greatest(seq, ?),
              changed_seq = CASE WHEN message_seq = ? THEN greatest(changed_seq, ?) ELSE changed_seq END,
              message = CASE WHEN message_seq = ? AND changed_seq < ? THEN message || ?::jsonb ELSE message END
            WHERE chat_id = ?
            RETURNING message_seq >= ?""";

    /** What a deletion changes of a message. */
    private record Tombstone(String content, List<FileInfo> files, long changedSeq, Instant deletedAt) {}

    private final Database database;

    Heads(Database database) {
        this.database = database;
    }

    /**
     * Applies an event.
     *
     * @param delivery the event
     * @throws SQLException if the database can't take it now
     * @throws IllegalStateException if an event that belongs before it is missing; to be tried again
     */
    void apply(Delivery delivery) throws SQLException {
        switch (Json.parse(delivery.payload(), MessageEvent.class)) {
            case Created created -> show(created.chatId(), created.seq(), created.message());
            case Updated updated -> show(updated.chatId(), updated.seq(), updated.message());
            case Deleted deleted -> clear(deleted);
            case Unknown _ -> {
                // A newer version's; what it means for the head, the next event that is known will tell.
            }
        }
    }

    private void show(UUID chatId, long seq, Message message) throws SQLException {
        try (var connection = database.connection();
                PreparedStatement show = connection.prepareStatement(SHOW)) {
            show.setLong(1, seq);
            show.setObject(2, message.createdAt().atOffset(ZoneOffset.UTC));
            show.setLong(3, message.seq());
            show.setLong(4, message.seq());
            show.setLong(5, message.changedSeq());
            show.setLong(6, message.changedSeq());
            show.setLong(7, message.seq());
            show.setLong(8, message.changedSeq());
            show.setString(9, json(message.withFileUrls(SignedUrl::unsigned)));
            show.setObject(10, chatId);
            show.setLong(11, seq);
            show.setLong(12, message.seq());
            show.setLong(13, message.changedSeq());
            show.executeUpdate();
        }
    }

    private void clear(Deleted deleted) throws SQLException {
        long messageSeq = deleted.messageId().seq();
        try (var connection = database.connection();
                PreparedStatement clear = connection.prepareStatement(CLEAR)) {
            clear.setLong(1, deleted.seq());
            clear.setLong(2, messageSeq);
            clear.setLong(3, deleted.seq());
            clear.setLong(4, messageSeq);
            clear.setLong(5, deleted.seq());
            clear.setString(6, json(new Tombstone(null, List.of(), deleted.seq(), deleted.at())));
            clear.setObject(7, deleted.chatId());
            clear.setLong(8, messageSeq);
            try (ResultSet row = clear.executeQuery()) {
                if (row.next() && !row.getBoolean(1)) {
                    // Its creation is still on the way, and must not bring the content back when it arrives.
                    throw new IllegalStateException("Message " + deleted.messageId() + " was deleted, but never seen");
                }
            }
        }
    }

    private static String json(Object value) {
        return new String(Json.bytes(value), StandardCharsets.UTF_8);
    }
}
