package dev.natter.message;

import dev.natter.platform.db.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Up to where each member has read. Thread-safe. */
final class Reads {
    /**
     * Where a member is.
     *
     * @param userId the member
     * @param seq up to where they have read
     */
    record Position(UUID userId, long seq) {}

    /**
     * Only forward, and never beyond the log: two devices of one user may report in any order. The member's row is
     * locked, so that no position comes after a removal.
     */
    private static final String MOVE_FORWARD = """
            INSERT INTO read_position (chat_id, user_id, seq)
            SELECT h.chat_id, m.user_id, least(?, h.seq)
              FROM chat_head h JOIN member m ON m.chat_id = h.chat_id
             WHERE h.chat_id = ? AND m.user_id = ? AND least(?, h.seq) > 0
               FOR KEY SHARE OF m
            ON CONFLICT (chat_id, user_id) DO UPDATE SET seq = excluded.seq WHERE read_position.seq < excluded.seq""";

    private static final String MOVE_BACK = """
            UPDATE read_position r SET seq = ?
             WHERE chat_id = ? AND user_id = ? AND seq > ?
               AND EXISTS (SELECT FROM member m WHERE m.chat_id = r.chat_id AND m.user_id = r.user_id)""";

    private static final String POSITIONS = """
            SELECT m.user_id, coalesce(r.seq, 0)
              FROM member m
              LEFT JOIN read_position r ON r.chat_id = m.chat_id AND r.user_id = m.user_id
             WHERE m.chat_id = ? AND m.user_id > ?
             ORDER BY m.user_id
             LIMIT ?""";

    private final Database database;

    Reads(Database database) {
        this.database = database;
    }

    /**
     * A member has read up to a number.
     *
     * @return whether that moved their position; one below it doesn't
     */
    boolean moveForward(UUID chatId, UUID userId, long seq) {
        return move(MOVE_FORWARD, chatId, userId, seq);
    }

    /**
     * A member wants what is above a number to be unread again.
     *
     * @return whether that moved their position; one above it doesn't
     */
    boolean moveBack(UUID chatId, UUID userId, long seq) {
        return move(MOVE_BACK, chatId, userId, seq);
    }

    private boolean move(String sql, UUID chatId, UUID userId, long seq) {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, seq);
                statement.setObject(2, chatId);
                statement.setObject(3, userId);
                statement.setLong(4, seq);
                return statement.executeUpdate() > 0;
            }
        });
    }

    /** Where members are, by their ids. */
    List<Position> positions(UUID chatId, UUID after, int limit) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(POSITIONS)) {
                statement.setObject(1, chatId);
                statement.setObject(2, after);
                statement.setInt(3, limit);
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
}
