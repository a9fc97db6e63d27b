package dev.natter.auth;

import dev.natter.contracts.User;
import dev.natter.platform.db.Database;
import io.helidon.dbclient.DbRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/** All SQL of the table {@code users}. */
final class Users {
    private static final String COLUMNS =
            "CAST(id AS text), username, display_name, avatar_url, bio, created_at, email, password ";

    private static final String BY_ID = "SELECT " + COLUMNS + "FROM users WHERE id = CAST(? AS uuid)";

    // A username never has an "@", an e-mail address always has one, so a key finds at most one user.
    private static final String BY_ACCOUNT = "SELECT " + COLUMNS + "FROM users WHERE username_key = ? UNION ALL SELECT "
            + COLUMNS + "FROM users WHERE email_key = ?";

    private static final String TAKEN =
            "SELECT username_key = ? FROM users WHERE username_key = ? OR email_key = ? LIMIT 2";

    private static final String ALL =
            "SELECT " + COLUMNS + "FROM users WHERE username_key > ? ORDER BY username_key LIMIT ?";

    private static final String FOUND = "SELECT " + COLUMNS
            + "FROM users WHERE username_key > ? AND (username_key LIKE ? OR display_key LIKE ?) "
            + "ORDER BY username_key LIMIT ?";

    private static final String NAMED = "SELECT " + COLUMNS
            + "FROM users WHERE id = ANY (CAST(? AS uuid[])) AND username_key > ? "
            + "AND (username_key LIKE ? OR display_key LIKE ?) ORDER BY username_key LIMIT ?";

    private static final String KNOWN = "SELECT CAST(id AS text) FROM users WHERE id = ANY (CAST(? AS uuid[]))";

    private static final String REHASH = "UPDATE users SET password = ? WHERE id = CAST(? AS uuid) AND password = ?";

    private static final String INSERT = """
            INSERT INTO users (id, username, username_key, display_name, display_key, email, email_key, password, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String SET_AVATAR = """
            UPDATE users SET avatar_url = ?, avatar_version = ?, version = version + 1
            WHERE id = ? AND avatar_version < ?
            RETURNING id, username, display_name, avatar_url, bio, created_at, version""";

    /**
     * A user as only the service itself may know them.
     *
     * @param user what everybody sees
     * @param email what only they themselves see, or null
     * @param password the hash of their password
     */
    record Account(User user, String email, String password) {
        private static Account from(DbRow row) {
            return new Account(
                    new User(
                            UUID.fromString(row.column(1).getString()),
                            row.column(2).getString(),
                            row.column(3).getString(),
                            row.column(4).get(String.class),
                            row.column(5).get(String.class),
                            row.column(6).get(Timestamp.class).toInstant()),
                    row.column(7).get(String.class),
                    row.column(8).getString());
        }

        @Override
        public String toString() {
            return "Account[" + user.id() + "]";
        }
    }

    /**
     * A user after a change.
     *
     * @param user what everybody sees now
     * @param version the number of the change
     */
    record Changed(User user, long version) {}

    private final Database database;

    Users(Database database) {
        this.database = database;
    }

    Optional<Account> find(UUID id) {
        return database.client()
                .execute()
                .createNamedGet("user.by_id", BY_ID)
                .addParam(id.toString())
                .execute()
                .map(Account::from);
    }

    /** Finds whom a login means. */
    Optional<Account> find(String accountKey) {
        return database.client()
                .execute()
                .createNamedGet("user.by_account", BY_ACCOUNT)
                .addParam(accountKey)
                .addParam(accountKey)
                .execute()
                .map(Account::from);
    }

    /** Refuses a registration that can't succeed, before anything expensive is done for it. */
    void demandFree(Registration wanted) {
        String username = Names.key(wanted.username());
        List<Boolean> taken = database.client()
                .execute()
                .createNamedQuery("user.taken", TAKEN)
                .addParam(username)
                .addParam(username)
                .addParam(emailKey(wanted) == null ? "" : emailKey(wanted))
                .execute()
                .map(row -> row.column(1).get(Boolean.class))
                .toList();
        if (taken.contains(true)) {
            throw Problems.usernameTaken().refuse();
        }
        if (!taken.isEmpty()) {
            throw Problems.emailTaken().refuse();
        }
    }

    /** A page of users, by username. */
    List<Account> page(Search search) {
        String part = search.pattern();
        var execute = database.client().execute();
        var query = search.ids().isPresent()
                ? execute.createNamedQuery("user.named", NAMED)
                        .addParam(array(search.ids().get()))
                        .addParam(search.after())
                        .addParam(part)
                        .addParam(part)
                : part.equals(Search.ANYTHING)
                        ? execute.createNamedQuery("user.all", ALL).addParam(search.after())
                        : execute.createNamedQuery("user.found", FOUND)
                                .addParam(search.after())
                                .addParam(part)
                                .addParam(part);
        return query.addParam(search.limit()).execute().map(Account::from).toList();
    }

    /** Which of some users exist. */
    Set<UUID> known(Collection<UUID> ids) {
        return database.client()
                .execute()
                .createNamedQuery("user.known", KNOWN)
                .addParam(array(ids))
                .execute()
                .map(row -> UUID.fromString(row.column(1).getString()))
                .collect(Collectors.toSet());
    }

    /** Stores a better hash of the same password, unless the password was changed in between. */
    void rehash(Account account, String better) {
        database.client()
                .execute()
                .createNamedUpdate("user.rehash", REHASH)
                .addParam(better)
                .addParam(account.user().id().toString())
                .addParam(account.password())
                .execute();
    }

    void insert(Connection connection, User user, Registration wanted, String password) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, user.id());
            insert.setString(2, user.username());
            insert.setString(3, Names.key(user.username()));
            insert.setString(4, user.displayName());
            insert.setString(5, Names.key(user.displayName()));
            insert.setString(6, wanted.email());
            insert.setString(7, emailKey(wanted));
            insert.setString(8, password);
            insert.setObject(9, user.createdAt().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        } catch (PSQLException failure) {
            throw taken(failure);
        }
    }

    // Two who want one name at once: the index decides, and the later hears what a later one would have heard.
    private static PSQLException taken(PSQLException failure) {
        ServerErrorMessage message = failure.getServerErrorMessage();
        if (PSQLState.UNIQUE_VIOLATION.getState().equals(failure.getSQLState()) && message != null) {
            if ("users_username_taken".equals(message.getConstraint())) {
                throw Problems.usernameTaken().refuse();
            }
            if ("users_email_taken".equals(message.getConstraint())) {
                throw Problems.emailTaken().refuse();
            }
        }
        return failure;
    }

    /** Sets an avatar, unless a newer one is set already or there is no such user. */
    Optional<Changed> setAvatar(Connection connection, UUID userId, long avatarVersion, String url)
            throws SQLException {
        try (PreparedStatement set = connection.prepareStatement(SET_AVATAR)) {
            set.setString(1, url);
            set.setLong(2, avatarVersion);
            set.setObject(3, userId);
            set.setLong(4, avatarVersion);
            try (ResultSet row = set.executeQuery()) {
                return row.next() ? Optional.of(changed(row)) : Optional.empty();
            }
        }
    }

    private static Changed changed(ResultSet row) throws SQLException {
        var user = new User(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getObject(6, OffsetDateTime.class).toInstant());
        return new Changed(user, row.getLong(7));
    }

    private static String emailKey(Registration wanted) {
        return wanted.email() == null ? null : Names.key(wanted.email());
    }

    // DbClient can't bind arrays; ids are hex digits and dashes, so their literal needs no quoting.
    private static String array(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
    }
}
