package dev.natter.message;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.natter.contracts.Internal.Standing;
import dev.natter.contracts.Internal.State;
import dev.natter.contracts.Message;
import dev.natter.platform.db.Columns;
import dev.natter.platform.db.Database;
import dev.natter.platform.token.SignedUrl;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * How chats stand for their readers. Unread are the text messages of others above a reader's position, not deleted:
 * derived from the log, never incremented with it.
 *
 * <p>A count is true for one number of the log and one position, whoever counted it and whenever. So it is remembered
 * with both: the same pair needs no second count, and from an earlier number only what changed since has to be looked
 * at. What is remembered is handed to the query and judged there, in the snapshot that the whole answer is from.
 * Thread-safe.
 */
final class Unreads {
    /** A count, and the number of the log and the position that it is true for. */
    private record Count(long seq, long position, int unread) {}

    /** A count of a user's that is remembered. */
    private record Hint(UUID userId, UUID chatId, Count count) {}

    /** The hints, as five arrays: a statement's first parameters. */
    private static final String HINTS = """
            WITH k AS (
              SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[])
                         AS k (user_id, chat_id, seq, position, unread))
            """;

    /**
     * Counts in chat {@code h} for {@code who} at position {@code r}, helped by the hint {@code k}, up to 1,000. What
     * is deleted changes no more: one that changed above the hint's number, and lies below it, was there and is gone.
     */
    private static final String UNREAD = """
            CASE WHEN h.seq IS NULL OR h.seq <= coalesce(r.seq, 0) THEN 0
                 WHEN k.seq = h.seq AND k.position = coalesce(r.seq, 0) THEN k.unread
                 WHEN k.seq BETWEEN h.seq - 1000 AND h.seq AND k.position = coalesce(r.seq, 0) AND k.unread < 1000
                 THEN least(1000, k.unread + (
                      SELECT coalesce(sum(CASE WHEN c.seq > k.seq THEN (c.deleted_at IS NULL)::int
                                               ELSE -(c.deleted_at IS NOT NULL)::int END), 0)
                        FROM message c
                       WHERE c.chat_id = h.chat_id AND c.changed_seq > k.seq AND c.seq > k.position
                         AND c.type = 'text' AND c.sender_id <> who.user_id))
                 ELSE (SELECT count(*)
                         FROM (SELECT 1 FROM message c
                                WHERE c.chat_id = h.chat_id AND c.seq > coalesce(r.seq, 0)
                                  AND c.type = 'text' AND c.deleted_at IS NULL AND c.sender_id <> who.user_id
                                LIMIT 1000) counted)
            END""";

    private static final String STATES = HINTS + "SELECT " + Rows.COLUMNS + """
            , who.chat_id, coalesce(h.seq, 0), coalesce(r.seq, 0),\s""" + UNREAD + """

              FROM (SELECT chat_id, ?::uuid AS user_id FROM unnest(?::uuid[]) AS asked (chat_id)) who
              LEFT JOIN chat_head h ON h.chat_id = who.chat_id
              LEFT JOIN read_position r ON r.chat_id = who.chat_id AND r.user_id = who.user_id
              LEFT JOIN k ON k.chat_id = who.chat_id AND k.user_id = who.user_id
              LEFT JOIN LATERAL (SELECT * FROM message WHERE chat_id = who.chat_id ORDER BY seq DESC LIMIT 1) m ON true""";

    private static final String STANDINGS =
            HINTS + "SELECT who.user_id, who.chat_id, h.seq, coalesce(r.seq, 0), " + UNREAD + """

              FROM member who
              JOIN chat_head h ON h.chat_id = who.chat_id
              LEFT JOIN read_position r ON r.chat_id = who.chat_id AND r.user_id = who.user_id
              LEFT JOIN k ON k.chat_id = who.chat_id AND k.user_id = who.user_id
             WHERE who.user_id = ANY (?)""";

    private static final int AFTER_HINTS = 6;
    private static final int AFTER_COLUMNS = 13;

    private final Database database;
    private final SignedUrl signer;
    private final Cache<UUID, Map<UUID, Count>> remembered = Caffeine.newBuilder()
            .maximumWeight(200_000)
            .weigher((UUID _, Map<UUID, Count> counts) -> counts.size() + 1)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    Unreads(Database database, SignedUrl signer) {
        this.database = database;
        this.signer = signer;
    }

    /** How chats stand for a user: head, newest message, position, unread; one for each chat, in any order. */
    List<State> states(UUID userId, Collection<UUID> chatIds) {
        Map<UUID, Count> counts = new HashMap<>();
        List<State> states = database.read(connection -> {
            counts.clear();
            try (PreparedStatement statement = connection.prepareStatement(STATES)) {
                hint(statement, Set.of(userId), chatIds);
                statement.setObject(AFTER_HINTS, userId);
                statement.setArray(AFTER_HINTS + 1, connection.createArrayOf("uuid", chatIds.toArray()));
                try (ResultSet row = statement.executeQuery()) {
                    List<State> found = new ArrayList<>();
                    while (row.next()) {
                        Message last =
                                row.getObject(1) == null ? null : Rows.read(row).withFileUrls(signer::sign);
                        UUID chatId = row.getObject(AFTER_COLUMNS, UUID.class);
                        Count count = count(row, AFTER_COLUMNS + 1);
                        counts.put(chatId, count);
                        found.add(new State(chatId, count.seq, last, count.position, count.unread));
                    }
                    return found;
                }
            }
        });
        remember(userId, counts);
        return states;
    }

    /** How all their chats stand for some users. */
    Map<UUID, Map<UUID, Standing>> standings(Set<UUID> userIds) {
        Map<UUID, Map<UUID, Count>> counts = database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(STANDINGS)) {
                hint(statement, userIds, null);
                statement.setArray(AFTER_HINTS, connection.createArrayOf("uuid", userIds.toArray()));
                try (ResultSet row = statement.executeQuery()) {
                    Map<UUID, Map<UUID, Count>> found = new HashMap<>();
                    while (row.next()) {
                        found.computeIfAbsent(row.getObject(1, UUID.class), _ -> new HashMap<>())
                                .put(row.getObject(2, UUID.class), count(row, 3));
                    }
                    return found;
                }
            }
        });
        Map<UUID, Map<UUID, Standing>> standings = new HashMap<>();
        counts.forEach((user, chats) -> {
            remembered.put(user, Map.copyOf(chats));
            Map<UUID, Standing> ofUser = new HashMap<>();
            chats.forEach((chat, count) -> ofUser.put(chat, new Standing(chat, count.position, count.unread)));
            standings.put(user, ofUser);
        });
        return standings;
    }

    private void remember(UUID userId, Map<UUID, Count> counts) {
        remembered.asMap().compute(userId, (_, before) -> {
            if (before == null) {
                return Map.copyOf(counts);
            }
            Map<UUID, Count> both = new HashMap<>(before);
            both.putAll(counts);
            return both.equals(before) ? before : Map.copyOf(both);
        });
    }

    /** Binds what is remembered of some users' chats; of all their chats for null. */
    private void hint(PreparedStatement statement, Set<UUID> userIds, Collection<UUID> chatIds) throws SQLException {
        List<Hint> hints = new ArrayList<>();
        for (UUID userId : userIds) {
            Map<UUID, Count> counts = remembered.asMap().getOrDefault(userId, Map.of());
            for (UUID chatId : chatIds == null ? counts.keySet() : chatIds) {
                Count count = counts.get(chatId);
                if (count != null) {
                    hints.add(new Hint(userId, chatId, count));
                }
            }
        }
        Columns.of(hints)
                .uuid(Hint::userId)
                .uuid(Hint::chatId)
                .bigint(hint -> hint.count.seq)
                .bigint(hint -> hint.count.position)
                .bigint(hint -> (long) hint.count.unread)
                .bind(statement, 1);
    }

    private static Count count(ResultSet row, int first) throws SQLException {
        return new Count(row.getLong(first), row.getLong(first + 1), row.getInt(first + 2));
    }
}
