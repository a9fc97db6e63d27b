package dev.natter.media;

import dev.natter.platform.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The rows of avatars: one for each user who ever had one. */
final class Avatars {
    private static final String SET = """
            INSERT INTO avatars (user_id, id, version, size, content_type, sha256) VALUES (?, ?, 1, ?, ?, ?)
            ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, previous = avatars.id,
              version = avatars.version + 1, size = excluded.size, content_type = excluded.content_type,
              sha256 = excluded.sha256, created_at = now()
            RETURNING version, previous""";

    private static final String FIND = "SELECT size, content_type, sha256 FROM avatars WHERE id = ?";

    private static final String KNOWN = "SELECT id FROM avatars WHERE id = ANY (?)";

    /**
     * An avatar as it is served.
     *
     * @param size bytes
     * @param contentType what it is
     * @param sha256 digest of its bytes
     */
    record Row(long size, String contentType, String sha256) {}

    /**
     * A change of avatar.
     *
     * @param version its number, from 1
     * @param previous the picture that nobody needs now, or null
     */
    record Change(long version, UUID previous) {}

    private final Database database;

    Avatars(Database database) {
        this.database = database;
    }

    Change set(Connection connection, UUID userId, Intake.Avatar avatar) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement(SET)) {
            set.setObject(1, userId);
            set.setObject(2, avatar.id());
            set.setLong(3, avatar.bytes().size());
            set.setString(4, avatar.contentType());
            set.setString(5, avatar.bytes().sha256());
            try (ResultSet row = set.executeQuery()) {
                row.next();
                return new Change(row.getLong(1), row.getObject(2, UUID.class));
            }
        }
    }

    Optional<Row> find(UUID id) {
        return database.read(connection -> {
            try (PreparedStatement find = connection.prepareStatement(FIND)) {
                find.setObject(1, id);
                try (ResultSet row = find.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Row(row.getLong(1), row.getString(2), row.getString(3)))
                            : Optional.empty();
                }
            }
        });
    }

    /** Which of some ids have rows. */
    Set<UUID> known(Set<UUID> ids) {
        return database.read(connection -> Files.known(connection, KNOWN, ids));
    }
}
