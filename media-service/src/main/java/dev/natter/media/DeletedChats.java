package dev.natter.media;

import dev.natter.platform.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Chats that are no more, and the rows of their files. A lock a chat, shared by those who attach, makes sure that
 * whatever was attached before a deletion is seen by it, and that nothing is attached after.
 */
final class DeletedChats {
    private static final String SHARE = "SELECT pg_advisory_xact_lock_shared(hashtextextended(?, 0))";

    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))";

    private static final String BURY = "INSERT INTO deleted_chats (chat_id) VALUES (?) ON CONFLICT DO NOTHING";

    private static final String NEXT = "SELECT chat_id FROM deleted_chats WHERE NOT purged LIMIT 1";

    private static final String FILES = """
            DELETE FROM files WHERE id IN (SELECT id FROM files WHERE chat_id = ? LIMIT ?) RETURNING id""";

    private static final String MESSAGES = """
            DELETE FROM messages WHERE chat_id = ? AND seq IN (SELECT seq FROM messages WHERE chat_id = ? LIMIT ?)""";

    private static final String PURGED = "UPDATE deleted_chats SET purged = true WHERE chat_id = ?";

    private static final String FORGET =
            "DELETE FROM deleted_chats WHERE purged AND deleted_at < now() - make_interval(secs => ?)";

    private static final int PORTION = 500;

    private final Database database;

    DeletedChats(Database database) {
        this.database = database;
    }

    /** Holds off the chat's deletion until the transaction ends; to be called before anything is looked at. */
    static void holdOff(Connection connection, UUID chatId) throws SQLException {
        lock(connection, SHARE, chatId);
    }

    /** From now on nothing is attached in this chat. Doing it again changes nothing. */
    void bury(UUID chatId) {
        database.inTransaction(connection -> {
            lock(connection, LOCK, chatId);
            try (PreparedStatement bury = connection.prepareStatement(BURY)) {
                bury.setObject(1, chatId);
                return bury.executeUpdate();
            }
        });
    }

    /**
     * Takes a portion of a deleted chat's rows away.
     *
     * @return the files whose bytes nobody owns now; empty if there is nothing more to do
     */
    Optional<List<UUID>> portion() {
        return database.inTransaction(connection -> {
            UUID chatId = next(connection);
            if (chatId == null) {
                return Optional.empty();
            }
            List<UUID> files = files(connection, chatId);
            if (files.size() < PORTION && messages(connection, chatId) < PORTION) {
                try (PreparedStatement purged = connection.prepareStatement(PURGED)) {
                    purged.setObject(1, chatId);
                    purged.executeUpdate();
                }
            }
            return Optional.of(files);
        });
    }

    /** Forgets deletions so old that nothing can be on its way to those chats any more. */
    void forget(Duration age) {
        database.inTransaction(connection -> {
            try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
                forget.setDouble(1, age.toSeconds());
                return forget.executeUpdate();
            }
        });
    }

    private static UUID next(Connection connection) throws SQLException {
        try (PreparedStatement next = connection.prepareStatement(NEXT);
                ResultSet row = next.executeQuery()) {
            return row.next() ? row.getObject(1, UUID.class) : null;
        }
    }

    private static List<UUID> files(Connection connection, UUID chatId) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(FILES)) {
            delete.setObject(1, chatId);
            delete.setInt(2, PORTION);
            try (ResultSet row = delete.executeQuery()) {
                List<UUID> files = new ArrayList<>();
                while (row.next()) {
                    files.add(row.getObject(1, UUID.class));
                }
                return files;
            }
        }
    }

    private static int messages(Connection connection, UUID chatId) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(MESSAGES)) {
            delete.setObject(1, chatId);
            delete.setObject(2, chatId);
            delete.setInt(3, PORTION);
            return delete.executeUpdate();
        }
    }

    private static void lock(Connection connection, String sql, UUID chatId) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(sql)) {
            lock.setString(1, "deleted chat " + chatId);
            lock.execute();
        }
    }
}
