package dev.natter.auth;

import dev.natter.contracts.Subjects;
import dev.natter.contracts.UserEvent;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Query;
import dev.natter.platform.outbox.Outbox;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Who is signed in, and where. A session that is ended before its time is told of in the transaction that ends it,
 * since sockets that were opened in it must be closed; one that runs out isn't, since access tokens run out sooner.
 */
final class Sessions {
    static final int MAX_SESSIONS = 100;

    private static final String OPEN =
            "INSERT INTO sessions (id, user_id, created_at, expires_at, used_at, device) VALUES (?, ?, ?, ?, ?, ?)";

    // Each new session takes a few dead ones with it.
    private static final String SWEEP = """
            DELETE FROM sessions WHERE id IN (
              SELECT id FROM sessions WHERE expires_at < ? ORDER BY expires_at LIMIT 4 FOR UPDATE SKIP LOCKED)""";

    // A user's oldest sessions make room.
    private static final String EVICT = """
            DELETE FROM sessions s USING users u WHERE u.id = s.user_id AND s.expires_at > ? AND s.id IN (
              SELECT id FROM sessions WHERE user_id = ? ORDER BY created_at DESC OFFSET ?)
            RETURNING s.id, u.version""";

    private static final String END = """
            DELETE FROM sessions s USING users u
            WHERE u.id = s.user_id AND s.expires_at > ? AND s.user_id = ? AND s.id = ?
            RETURNING s.id, u.version""";

    private static final String OF_USER = """
            SELECT id, created_at, used_at, device FROM sessions WHERE user_id = ? AND expires_at > ?
            ORDER BY used_at DESC, id DESC LIMIT ?""";

    private static final String ALIVE =
            "SELECT CAST(id AS text) FROM sessions WHERE id = ANY (CAST(? AS uuid[])) AND expires_at > ?";

    /**
     * A session as its owner needs it.
     *
     * @param id the session
     * @param userId whose it is
     * @param refreshToken what prolongs it, once
     */
    record Open(UUID id, UUID userId, String refreshToken) {
        @Override
        public String toString() {
            return "Open[" + id + "]";
        }
    }

    /**
     * A session as its owner sees it beside their others.
     *
     * @param id the session
     * @param createdAt when they signed in
     * @param lastUsedAt when they signed in or last refreshed
     * @param device what it looks to be on, or null
     * @param current whether it is the one that asks
     */
    record Shown(UUID id, Instant createdAt, Instant lastUsedAt, String device, boolean current) {}

    private final Database database;
    private final Outbox outbox;
    private final Duration lifetime;
    private final Clock clock;

    Sessions(Database database, Outbox outbox, Duration lifetime, Clock clock) {
        this.database = database;
        this.outbox = outbox;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** Signs a user in, on a device if anything is known of it. */
    Open open(UUID userId, String device) {
        var open = new Open(Uuid7.next(), userId, RefreshTokens.fresh());
        return outbox.commit(transaction -> {
            Connection connection = transaction.connection();
            Instant now = clock.instant();
            try (PreparedStatement insert = connection.prepareStatement(OPEN)) {
                bind(insert, open.id(), userId, time(now), time(now.plus(lifetime)), time(now), device);
                insert.executeUpdate();
            }
            RefreshTokens.issue(connection, open.refreshToken(), open.id());
            try (PreparedStatement sweep = connection.prepareStatement(SWEEP)) {
                bind(sweep, time(now));
                sweep.executeUpdate();
            }
            tell(transaction, userId, EVICT, time(now), userId, MAX_SESSIONS);
            return open;
        });
    }

    /** The sessions of a user, the one last used first. */
    List<Shown> of(UUID userId, UUID current) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(OF_USER)) {
                bind(select, userId, time(clock.instant()), MAX_SESSIONS);
                List<Shown> shown = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        UUID id = row.getObject(1, UUID.class);
                        shown.add(
                                new Shown(id, instant(row, 2), instant(row, 3), row.getString(4), id.equals(current)));
                    }
                }
                return shown;
            }
        });
    }

    /** Those of these sessions that have not ended. */
    Set<String> alive(Set<String> ids) {
        String[] asked = ids.stream().filter(id -> Query.id(id).isPresent()).toArray(String[]::new);
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(ALIVE)) {
                bind(select, connection.createArrayOf("text", asked), time(clock.instant()));
                Set<String> alive = new HashSet<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        alive.add(row.getString(1));
                    }
                }
                return alive;
            }
        });
    }

    /**
     * Signs a user out; doing it again changes nothing.
     *
     * @return whether they had such a session
     */
    boolean end(UUID userId, UUID sessionId) {
        return outbox.commit(transaction -> end(transaction, userId, sessionId));
    }

    /** The same, as a part of something else. */
    boolean end(Outbox.Transaction transaction, UUID userId, UUID sessionId) throws SQLException {
        return tell(transaction, userId, END, time(clock.instant()), userId, sessionId) > 0;
    }

    private int tell(Outbox.Transaction transaction, UUID userId, String delete, Object... values) throws SQLException {
        int ended = 0;
        try (PreparedStatement statement = transaction.connection().prepareStatement(delete)) {
            bind(statement, values);
            try (ResultSet row = statement.executeQuery()) {
                for (; row.next(); ended++) {
                    transaction.emit(ended(userId, row.getString(1), row.getLong(2)));
                }
            }
        }
        return ended;
    }

    private Outgoing ended(UUID userId, String sessionId, long version) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var event = new UserEvent.SessionEnded(version, sessionId + ".ended", now, userId, sessionId);
        return new Outgoing(Subjects.of(userId, event), event.id(), version, Json.bytes(event));
    }

    private static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
