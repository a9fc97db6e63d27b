package dev.natter.chat;

import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageEvent;
import dev.natter.contracts.MessageEvent.Created;
import dev.natter.contracts.MessageEvent.Deleted;
import dev.natter.contracts.MessageEvent.Unknown;
import dev.natter.contracts.MessageEvent.Updated;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.db.Columns;
import dev.natter.platform.db.Database;
import dev.natter.platform.http.Json;
import dev.natter.platform.token.SignedUrl;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The newest message of each chat, followed from message-service's events: it orders a user's chats, and is what they
 * are shown while message-service can't be asked. Nothing here is the truth; the truth is the log.
 *
 * <p>Events may come late, twice and in any order. What is kept of a chat is the message with the highest number, as of
 * the highest change of it, and both only grow; so the last word is the same whatever came first, and all that came of
 * a chat at once is one row's update. Instances that share the work lock the chats of a batch in one order.
 */
final class Heads {
    private static final String CREATED = ".created";

    private static final String LOCK =
            "SELECT FROM heads WHERE chat_id = ANY (?::uuid[]) ORDER BY chat_id FOR NO KEY UPDATE";

    private static final String SHOW = """
            UPDATE heads h SET
              seq = greatest(h.seq, n.seq),
              activity = greatest(h.activity, n.activity),
              message_seq = greatest(h.message_seq, n.message_seq),
              changed_seq = CASE WHEN (h.message_seq, h.changed_seq) < (n.message_seq, n.changed_seq)
                                 THEN n.changed_seq ELSE h.changed_seq END,
              message = CASE WHEN (h.message_seq, h.changed_seq) < (n.message_seq, n.changed_seq)
                             THEN n.message::jsonb ELSE h.message END
            FROM unnest(?::uuid[], ?::bigint[], ?::timestamptz[], ?::bigint[], ?::bigint[], ?::text[])
              AS n (chat_id, seq, activity, message_seq, changed_seq, message)
            WHERE h.chat_id = n.chat_id
              AND (h.seq < n.seq OR (h.message_seq, h.changed_seq) < (n.message_seq, n.changed_seq))
            RETURNING h.chat_id, (h.message_seq, h.changed_seq) = (n.message_seq, n.changed_seq)""";

    private static final String CLEAR = """
            UPDATE heads SET
              seq = greatest(seq, ?),
              changed_seq = CASE WHEN message_seq = ? THEN greatest(changed_seq, ?) ELSE changed_seq END,
              message = CASE WHEN message_seq = ? AND changed_seq < ? THEN message || ?::jsonb ELSE message END
            WHERE chat_id = ?
            RETURNING message_seq""";

    /** What a deletion changes of a message. */
    private record Tombstone(String content, List<FileInfo> files, long changedSeq, Instant deletedAt) {}

    /**
     * What some events together say of a chat.
     *
     * @param chatId the chat
     * @param seq the latest change
     * @param activity when the newest message was sent
     * @param message the newest message, as of its latest change
     */
    private record News(UUID chatId, long seq, Instant activity, Message message) {
        private static News of(UUID chatId, long seq, Message message) {
            return new News(chatId, seq, message.createdAt(), message);
        }

        private News and(News other) {
            boolean newer = message.seq() != other.message.seq()
                    ? message.seq() < other.message.seq()
                    : message.changedSeq() < other.message.changedSeq();
            return new News(
                    chatId,
                    Math.max(seq, other.seq),
                    activity.isAfter(other.activity) ? activity : other.activity,
                    newer ? other.message : message);
        }
    }

    private final Database database;
    private final Activity activity;

    Heads(Database database, Activity activity) {
        this.database = database;
        this.activity = activity;
    }

    /**
     * Applies events, all or none.
     *
     * @param deliveries the events
     * @throws IllegalStateException if an event that belongs before one of them is missing; to be tried again
     */
    void apply(List<Delivery> deliveries) {
        Map<UUID, News> news = new HashMap<>();
        List<Deleted> deletions = new ArrayList<>();
        for (Delivery delivery : worthReading(deliveries)) {
            switch (Json.parse(delivery.payload(), MessageEvent.class)) {
                case Created it -> news.merge(it.chatId(), News.of(it.chatId(), it.seq(), it.message()), News::and);
                case Updated it -> news.merge(it.chatId(), News.of(it.chatId(), it.seq(), it.message()), News::and);
                case Deleted it -> deletions.add(it);
                case Unknown _ -> {
                    // A newer version's; what it means for the head, the next event that is known will tell.
                }
            }
        }
        Set<UUID> chats = new HashSet<>(news.keySet());
        deletions.forEach(deleted -> chats.add(deleted.chatId()));
        activity.of(database.inTransaction(connection -> {
            if (chats.size() > 1) {
                lock(connection, chats);
            }
            Set<UUID> moved = show(connection, news.values());
            for (Deleted deleted : deletions) {
                if (isNewest(connection, deleted)) {
                    moved.add(deleted.chatId());
                }
            }
            return moved;
        }));
    }

    /** All but those creations in a chat that a later one follows: the newest alone says it all. */
    private static List<Delivery> worthReading(List<Delivery> deliveries) {
        Map<String, Long> newest = new HashMap<>();
        deliveries.forEach(each -> newest.merge(each.subject(), each.seq(), Math::max));
        return deliveries.stream()
                .filter(each -> !each.subject().endsWith(CREATED) || each.seq() == newest.get(each.subject()))
                .toList();
    }

    private static void lock(Connection connection, Set<UUID> chats) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            Columns.of(chats).uuid(id -> id).bind(lock, 1);
            lock.execute();
        }
    }

    /** Those whose newest message is now the one that was told. */
    private static Set<UUID> show(Connection connection, Collection<News> news) throws SQLException {
        Set<UUID> moved = new HashSet<>();
        if (news.isEmpty()) {
            return moved;
        }
        try (PreparedStatement show = connection.prepareStatement(SHOW)) {
            Columns.of(news)
                    .uuid(News::chatId)
                    .bigint(News::seq)
                    .time(News::activity)
                    .bigint(each -> each.message().seq())
                    .bigint(each -> each.message().changedSeq())
                    .text(each -> json(each.message().withFileUrls(SignedUrl::unsigned)))
                    .bind(show, 1);
            try (ResultSet row = show.executeQuery()) {
                while (row.next()) {
                    if (row.getBoolean(2)) {
                        moved.add(row.getObject(1, UUID.class));
                    }
                }
            }
        }
        return moved;
    }

    /** Clears a deleted message; whether it is the chat's newest. */
    private static boolean isNewest(Connection connection, Deleted deleted) throws SQLException {
        long messageSeq = deleted.messageId().seq();
        try (PreparedStatement clear = connection.prepareStatement(CLEAR)) {
            clear.setLong(1, deleted.seq());
            clear.setLong(2, messageSeq);
            clear.setLong(3, deleted.seq());
            clear.setLong(4, messageSeq);
            clear.setLong(5, deleted.seq());
            clear.setString(6, json(new Tombstone(null, List.of(), deleted.seq(), deleted.at())));
            clear.setObject(7, deleted.chatId());
            try (ResultSet row = clear.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                if (row.getLong(1) < messageSeq) {
                    // Its creation is still on the way, and must not bring the content back when it arrives.
                    throw new IllegalStateException("Message " + deleted.messageId() + " was deleted, but never seen");
                }
                return row.getLong(1) == messageSeq;
            }
        }
    }

    private static String json(Object value) {
        return new String(Json.bytes(value), StandardCharsets.UTF_8);
    }
}
