package dev.natter.message;

import dev.natter.contracts.Internal.State;
import dev.natter.contracts.Message;
import dev.natter.platform.db.Database;
import dev.natter.platform.token.SignedUrl;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Up to where each member has read, and what follows from it. Unread is derived, never incremented: text messages above
 * the position, not deleted, not one's own. Thread-safe.
 */
final class Reads {
    /** Unread messages are counted up to here. */
    static final int MOST_UNREAD = 1000;

    /**
     * Where a member is.
     *
     * @param userId the member
     * @param seq up to where they have read
     */
    record Position(UUID userId, long seq) {}

    /** Only forward, and never beyond the log: two devices of one user may report in any order. */
    private static final String MOVE_FORWARD = """
            INSERT INTO read_position (chat_id, user_id, seq)
            SELECT chat_id, ?, least(?, seq) FROM chat_head WHERE chat_id = ?
            ON CONFLICT (chat_id, user_id) DO UPDATE SET seq = greatest(read_position.seq, excluded.seq)""";

    private static final String MOVE_BACK =
            "UPDATE read_position SET seq = ? WHERE user_id = ? AND chat_id = ? AND seq > ?";

    private static final String POSITIONS = """
            SELECT m.user_id, coalesce(r.seq, 0)
              FROM member m
              LEFT JOIN read_position r ON r.chat_id = m.chat_id AND r.user_id = m.user_id
             WHERE m.chat_id = ?
             ORDER BY m.user_id""";

    private static final String STATES = "SELECT " + Rows.COLUMNS + """
            , asked.chat_id, coalesce(h.seq, 0), coalesce(r.seq, 0), u.unread
              FROM unnest(?::uuid[]) AS asked (chat_id)
              LEFT JOIN chat_head h ON h.chat_id = asked.chat_id
              LEFT JOIN read_position r ON r.chat_id = asked.chat_id AND r.user_id = ?
              LEFT JOIN LATERAL (SELECT * FROM message WHERE chat_id = asked.chat_id ORDER BY seq DESC LIMIT 1) m ON true
              LEFT JOIN LATERAL (
                   SELECT count(*) AS unread
                     FROM (SELECT 1 FROM message
                            WHERE chat_id = asked.chat_id AND seq > coalesce(r.seq, 0)
                              AND type = 'text' AND deleted_at IS NULL AND sender_id <> ?
                            LIMIT ?) counted) u ON true""";

    private static final int AFTER_COLUMNS = 13;

    private final Database database;
    private final SignedUrl signer;

    Reads(Database database, SignedUrl signer) {
        this.database = database;
        this.signer = signer;
    }

    /** A member has read up to a number; one below their position changes nothing. */
    void moveForward(UUID chatId, UUID userId, long seq) {
        database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(MOVE_FORWARD)) {
                statement.setObject(1, userId);
                statement.setLong(2, seq);
                statement.setObject(3, chatId);
                return statement.executeUpdate();
            }
        });
    }

    /** A member wants what is above a number to be unread again; one above their position changes nothing. */
    void moveBack(UUID chatId, UUID userId, long seq) {
        database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(MOVE_BACK)) {
                statement.setLong(1, seq);
                statement.setObject(2, userId);
                statement.setObject(3, chatId);
                statement.setLong(4, seq);
                return statement.executeUpdate();
            }
        });
    }

    /** Where each member is, by their ids. */
    List<Position> positions(UUID chatId) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(POSITIONS)) {
                statement.setObject(1, chatId);
                try (ResultSet row = statement.executeQuery()) {
                    List<Position> positions = new ArrayList<>();
                    while (row.next()) {
                        positions.add(new Position(row.getObject(1, UUID.class), row.getLong(2)));
                    }
                    return positions;
                }
            }
        });
    }

    /** How chats stand for a user: head, newest message, position, unread; one for each chat, in any order. */
    List<State> states(UUID userId, List<UUID> chatIds) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(STATES)) {
                statement.setArray(1, connection.createArrayOf("uuid", chatIds.toArray()));
                statement.setObject(2, userId);
                statement.setObject(3, userId);
                statement.setInt(4, MOST_UNREAD);
                try (ResultSet row = statement.executeQuery()) {
                    List<State> states = new ArrayList<>();
                    while (row.next()) {
                        Message last =
                                row.getObject(1) == null ? null : Rows.read(row).withFileUrls(signer::sign);
                        states.add(new State(
                                row.getObject(AFTER_COLUMNS, UUID.class),
                                row.getLong(AFTER_COLUMNS + 1),
                                last,
                                row.getLong(AFTER_COLUMNS + 2),
                                row.getInt(AFTER_COLUMNS + 3)));
                    }
                    return states;
                }
            }
        });
    }
}
