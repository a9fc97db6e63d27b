package dev.natter.message;

import dev.natter.platform.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Takes away what a deleted chat leaves behind: its messages and its members' read positions. The chat's head stays, so
 * that its numbers never restart. Thread-safe.
 */
final class Purge {
    private static final int PORTION = 1000;

    private static final String NEXT =
            "SELECT chat_id FROM chat_head WHERE deleted_at IS NOT NULL AND NOT purged LIMIT 1";

    private static final String MESSAGES = """
            DELETE FROM message WHERE chat_id = ? AND seq IN (
              SELECT seq FROM message WHERE chat_id = ? ORDER BY seq LIMIT ?)""";

    private static final String POSITIONS = """
            DELETE FROM read_position WHERE chat_id = ? AND user_id IN (
              SELECT user_id FROM read_position WHERE chat_id = ? LIMIT ?)""";

    private static final String DONE = "UPDATE chat_head SET purged = true WHERE chat_id = ?";

    private final Database database;

    Purge(Database database) {
        this.database = database;
    }

    /**
     * Takes a portion away.
     *
     * @return whether there may be more
     */
    boolean portion() {
        return database.inTransaction(connection -> {
            UUID chatId = next(connection);
            if (chatId == null) {
                return false;
            }
            boolean all =
                    delete(connection, MESSAGES, chatId) < PORTION && delete(connection, POSITIONS, chatId) < PORTION;
            if (all) {
                try (PreparedStatement done = connection.prepareStatement(DONE)) {
                    done.setObject(1, chatId);
                    done.executeUpdate();
                }
            }
            return true;
        });
    }

    private static UUID next(Connection connection) throws SQLException {
        try (PreparedStatement next = connection.prepareStatement(NEXT);
                ResultSet row = next.executeQuery()) {
            return row.next() ? row.getObject(1, UUID.class) : null;
        }
    }

    private static int delete(Connection connection, String sql, UUID chatId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, chatId);
            statement.setObject(2, chatId);
            statement.setInt(3, PORTION);
            return statement.executeUpdate();
        }
    }
}
