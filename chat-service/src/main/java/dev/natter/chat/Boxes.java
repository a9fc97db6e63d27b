package dev.natter.chat;

import dev.natter.platform.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Every user's own log of what happened to their chats as such: all SQL of {@code boxes} and {@code tombstones}.
 *
 * <p>An entry is kept where it is needed anyway: that of a chat the user is in, in their row of {@code members}; that
 * of one they left, as a tombstone. So the log holds final states, each chat once, and what was missed since any number
 * is one range of two indexes.
 */
final class Boxes {
    // The boxes are locked in the order of their users' ids, by every transaction that locks more than one, and only
    // after its chat: so no two can wait for each other.
    private static final String RAISE = """
            WITH raised AS (
              INSERT INTO boxes AS box (user_id, seq)
              SELECT user_id, 1 FROM members WHERE chat_id = ? ORDER BY user_id
              ON CONFLICT (user_id) DO UPDATE SET seq = box.seq + 1
              RETURNING user_id, seq),
            told AS (
              UPDATE members SET
                user_seq = raised.seq,
                joined_seq = CASE joined_seq WHEN 0 THEN raised.seq ELSE joined_seq END
              FROM raised WHERE members.chat_id = ? AND members.user_id = raised.user_id)
            SELECT user_id, seq FROM raised""";

    private static final String BURY = """
            WITH gone AS (
              DELETE FROM members WHERE chat_id = ? AND user_id = ANY (?::uuid[])
              RETURNING user_id, chat_id, user_seq, joined_seq)
            INSERT INTO tombstones (user_id, chat_id, user_seq, joined_seq, version, left_at)
            SELECT user_id, chat_id, user_seq, joined_seq, ?, ? FROM gone""";

    private static final String UNEARTH = "DELETE FROM tombstones WHERE chat_id = ? AND user_id = ANY (?::uuid[])";

    private static final String STANDING = "SELECT user_id, seq FROM boxes WHERE user_id = ANY (?::uuid[])";

    private static final String SINCE = """
            SELECT box.seq, e.chat_id, e.user_seq, e.joined_seq, coalesce(e.version, c.version),
              coalesce(e.left_at, c.changed_at, c.created_at),\s""" + Chats.SHOWN + """

            FROM (SELECT coalesce(max(seq), 0) AS seq FROM boxes WHERE user_id = ?) AS box
            LEFT JOIN LATERAL (
              (SELECT chat_id, user_seq, joined_seq, NULL::bigint AS version, NULL::timestamptz AS left_at
               FROM members WHERE user_id = ? AND user_seq > ? ORDER BY user_seq LIMIT ?)
              UNION ALL
              (SELECT chat_id, user_seq, joined_seq, version, left_at
               FROM tombstones WHERE user_id = ? AND user_seq > ? ORDER BY user_seq LIMIT ?)
              ORDER BY user_seq LIMIT ?) AS e ON true
            LEFT JOIN (chats c JOIN heads h ON h.chat_id = c.id) ON c.id = e.chat_id AND e.left_at IS NULL""" + Chats.FIRST_MEMBERS + """
            ORDER BY e.user_seq""";

    private static final int COLUMNS_BEFORE_CHAT = 6;

    /**
     * How a chat stands in a box.
     *
     * @param chatId the chat
     * @param userSeq the number of its latest change
     * @param joinedSeq the number at which the user came in, the last time
     * @param version the chat's version
     * @param at when that change was
     * @param chat the chat, or null if the user isn't in it any more
     */
    record Entry(UUID chatId, long userSeq, long joinedSeq, long version, Instant at, Chats.Row chat) {}

    /**
     * A part of a box.
     *
     * @param seq the number that the box stood at when it was read
     * @param entries the first entries after the number that was asked for
     * @param more whether there are others after them
     */
    record Part(long seq, List<Entry> entries, boolean more) {}

    private final Database database;

    Boxes(Database database) {
        this.database = database;
    }

    /**
     * Enters a change of a chat into the box of each of its members.
     *
     * @param connection of the transaction that changes the chat, and has locked it
     * @param chatId the chat
     * @return the change's number in each box
     */
    static Map<UUID, Long> raise(Connection connection, UUID chatId) throws SQLException {
        try (PreparedStatement raise = connection.prepareStatement(RAISE)) {
            raise.setObject(1, chatId);
            raise.setObject(2, chatId);
            return seqs(raise);
        }
    }

    /** Takes members out of a chat, whose number in their boxes stays as a tombstone. */
    static void bury(Connection connection, UUID chatId, Collection<UUID> userIds, long version, OffsetDateTime at)
            throws SQLException {
        try (PreparedStatement bury = connection.prepareStatement(BURY)) {
            bury.setObject(1, chatId);
            bury.setArray(2, connection.createArrayOf("uuid", userIds.toArray()));
            bury.setLong(3, version);
            bury.setObject(4, at);
            bury.executeUpdate();
        }
    }

    /** Takes away the tombstones of those who come back. */
    static void unearth(Connection connection, UUID chatId, Collection<UUID> userIds) throws SQLException {
        try (PreparedStatement unearth = connection.prepareStatement(UNEARTH)) {
            unearth.setObject(1, chatId);
            unearth.setArray(2, connection.createArrayOf("uuid", userIds.toArray()));
            unearth.executeUpdate();
        }
    }

    /**
     * Where some boxes stand.
     *
     * @param userIds the users
     * @return the number of the latest entry of each, 0 while there is none
     */
    Map<UUID, Long> standing(Collection<UUID> userIds) {
        Map<UUID, Long> all = new HashMap<>();
        userIds.forEach(id -> all.put(id, 0L));
        all.putAll(database.read(connection -> {
            try (PreparedStatement standing = connection.prepareStatement(STANDING)) {
                standing.setArray(1, connection.createArrayOf("uuid", userIds.toArray()));
                return seqs(standing);
            }
        }));
        return all;
    }

    /**
     * What changed in a box: one statement, so one snapshot.
     *
     * @param userId whose
     * @param since the number after which to begin
     * @param limit at most how many entries
     * @return the entries by number
     */
    Part since(UUID userId, long since, int limit) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SINCE)) {
                statement.setObject(1, userId);
                for (int at : new int[] {2, 5}) {
                    statement.setObject(at, userId);
                    statement.setLong(at + 1, since);
                    statement.setInt(at + 2, limit + 1);
                }
                statement.setInt(8, limit + 1);
                return part(statement, limit);
            }
        });
    }

    private static Part part(PreparedStatement statement, int limit) throws SQLException {
        long seq = 0;
        List<Entry> entries = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                seq = row.getLong(1);
                if (row.getObject(2) != null) {
                    entries.add(entry(row));
                }
            }
        }
        boolean more = entries.size() > limit;
        return new Part(seq, more ? entries.subList(0, limit) : entries, more);
    }

    private static Entry entry(ResultSet row) throws SQLException {
        long userSeq = row.getLong(3);
        return new Entry(
                row.getObject(2, UUID.class),
                userSeq,
                row.getLong(4),
                row.getLong(5),
                row.getObject(6, OffsetDateTime.class).toInstant(),
                Chats.Row.at(row, COLUMNS_BEFORE_CHAT, userSeq));
    }

    private static Map<UUID, Long> seqs(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            Map<UUID, Long> seqs = new LinkedHashMap<>();
            while (row.next()) {
                seqs.put(row.getObject(1, UUID.class), row.getLong(2));
            }
            return seqs;
        }
    }
}
