package dev.natter.media;

import dev.natter.contracts.MessageId;
import dev.natter.platform.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The rows of files. A message's row is the lock between attaching to it and its deletion. */
final class Files {
    private static final String COUNT = """
            INSERT INTO messages (chat_id, seq, files) VALUES (?, ?, ?)
            ON CONFLICT (chat_id, seq) DO UPDATE SET files = messages.files + excluded.files
            RETURNING files,
                      deleted_at IS NOT NULL OR EXISTS (SELECT FROM deleted_chats d WHERE d.chat_id = messages.chat_id)""";

    private static final String INSERT = """
            INSERT INTO files (id, chat_id, seq, user_id, name, size, content_type, sha256, width, height, thumbnail_type)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String FIND =
            "SELECT name, size, content_type, sha256, thumbnail_type FROM files WHERE id = ?";

    private static final String BURY = """
            INSERT INTO messages (chat_id, seq, deleted_at) VALUES (?, ?, now())
            ON CONFLICT (chat_id, seq) DO UPDATE SET deleted_at = coalesce(messages.deleted_at, now())""";

    private static final String DELETE = "DELETE FROM files WHERE chat_id = ? AND seq = ? RETURNING id";

    private static final String KNOWN = "SELECT id FROM files WHERE id = ANY (?)";

    private static final String FORGET_BURIED = """
            DELETE FROM messages WHERE deleted_at < now() - make_interval(secs => ?)""";

    /**
     * A file as it is served.
     *
     * @param name what it is called
     * @param size bytes
     * @param contentType what it is
     * @param sha256 digest of its bytes
     * @param thumbnailType what its thumbnail is, or null if it has none
     */
    record Row(String name, long size, String contentType, String sha256, String thumbnailType) {}

    private final Database database;

    Files(Database database) {
        this.database = database;
    }

    /**
     * Attaches files to a message.
     *
     * @param most how many files the message may have
     * @return how many it has had now; rises with each call
     * @throws dev.natter.platform.http.Refused if the message is gone or full
     */
    long attach(Connection connection, MessageId message, UUID userId, List<Intake.Item> items, int most)
            throws SQLException {
        DeletedChats.holdOff(connection, message.chatId());
        long count = count(connection, message, items.size(), most);
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (Intake.Item item : items) {
                insert.setObject(1, item.info().id());
                insert.setObject(2, message.chatId());
                insert.setLong(3, message.seq());
                insert.setObject(4, userId);
                insert.setString(5, item.info().name());
                insert.setLong(6, item.info().size());
                insert.setString(7, item.info().contentType());
                insert.setString(8, item.info().sha256());
                insert.setObject(9, item.info().width(), Types.INTEGER);
                insert.setObject(10, item.info().height(), Types.INTEGER);
                insert.setString(11, item.thumbnailType());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return count;
    }

    private static long count(Connection connection, MessageId message, int more, int most) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement(COUNT)) {
            count.setObject(1, message.chatId());
            count.setLong(2, message.seq());
            count.setInt(3, more);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                if (row.getBoolean(2)) {
                    throw Problems.noMessage();
                }
                if (row.getInt(1) > most) {
                    throw Problems.messageFull(most);
                }
                return row.getInt(1);
            }
        }
    }

    Optional<Row> find(UUID id) {
        return database.read(connection -> {
            try (PreparedStatement find = connection.prepareStatement(FIND)) {
                find.setObject(1, id);
                try (ResultSet row = find.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Row(
                                    row.getString(1),
                                    row.getLong(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5)))
                            : Optional.empty();
                }
            }
        });
    }

    /**
     * Takes a deleted message's files away, and refuses those that are still on their way to it. Doing it again changes
     * nothing.
     *
     * @return the files whose bytes nobody owns now
     */
    List<UUID> bury(MessageId message) {
        return database.inTransaction(connection -> {
            try (PreparedStatement bury = connection.prepareStatement(BURY)) {
                bury.setObject(1, message.chatId());
                bury.setLong(2, message.seq());
                bury.executeUpdate();
            }
            List<UUID> ids = new ArrayList<>();
            try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
                delete.setObject(1, message.chatId());
                delete.setLong(2, message.seq());
                try (ResultSet rows = delete.executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getObject(1, UUID.class));
                    }
                }
            }
            return ids;
        });
    }

    /** Which of some ids have rows. */
    Set<UUID> known(Set<UUID> ids) {
        return database.read(connection -> known(connection, KNOWN, ids));
    }

    /** Forgets deletions so old that nothing can be on its way to those messages any more. */
    void forgetBuried(Duration age) {
        database.inTransaction(connection -> {
            try (PreparedStatement forget = connection.prepareStatement(FORGET_BURIED)) {
                forget.setDouble(1, age.toSeconds());
                return forget.executeUpdate();
            }
        });
    }

    static Set<UUID> known(Connection connection, String sql, Set<UUID> ids) throws SQLException {
        try (PreparedStatement known = connection.prepareStatement(sql)) {
            known.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            try (ResultSet rows = known.executeQuery()) {
                Set<UUID> found = new HashSet<>();
                while (rows.next()) {
                    found.add(rows.getObject(1, UUID.class));
                }
                return found;
            }
        }
    }
}
