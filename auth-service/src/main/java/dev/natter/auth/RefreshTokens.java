package dev.natter.auth;

import dev.natter.auth.Sessions.Open;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.token.SharedSecret;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What prolongs sessions (RFC 9700, section 4.14.2). A token works once and is replaced by another of the same session.
 * One that comes again ends the session, whoever shows it: the owner and the thief can't be told apart.
 *
 * <p>Two harmless repetitions don't: requests that were already on their way while another one rotated the token are
 * only refused; and a retry with the {@code Idempotency-Key} of the lost answer, within seconds and before the new
 * token was used, gets the same new token again. It can, since under a key the new token is derived from the old one.
 */
final class RefreshTokens {
    private static final Logger LOG = System.getLogger(RefreshTokens.class.getName());
    private static final String PREFIX = "rt_";
    private static final Pattern TOKEN = Opaque.pattern(PREFIX);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final String ISSUE = "INSERT INTO refresh_tokens (hash, session_id) VALUES (?, ?)";

    // The session's row is locked before the token is read: of two who show the same token the second sees it spent.
    private static final String LOCK = """
            SELECT id, user_id, expires_at FROM sessions
            WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = ?) FOR UPDATE""";

    private static final String READ = "SELECT spent_at, spent_for FROM refresh_tokens WHERE hash = ?";

    private static final String SPEND = "UPDATE refresh_tokens SET spent_at = ?, spent_for = ? WHERE hash = ?";

    private static final String FORGET = "DELETE FROM refresh_tokens WHERE session_id = ? AND spent_at < ?";

    private static final String PROLONG = "UPDATE sessions SET expires_at = ?, used_at = ? WHERE id = ?";

    private static final String BURY = "DELETE FROM sessions WHERE id = ?";

    /**
     * A request to rotate.
     *
     * @param token what the client showed
     * @param retryKey its Idempotency-Key, or null
     * @param arrivedAt when the request arrived
     */
    record Rotation(String token, String retryKey, Instant arrivedAt) {
        @Override
        public String toString() {
            return "Rotation[hidden]";
        }
    }

    private record Session(UUID id, UUID userId, Instant expiresAt) {}

    private record Spent(Instant at, byte[] retryKey) {}

    private final Outbox outbox;
    private final Sessions sessions;
    private final SecretKeySpec successors;
    private final Duration lifetime;
    private final Clock clock;
    private final Runnable onReuse;

    RefreshTokens(
            Outbox outbox, Sessions sessions, SharedSecret secret, Duration lifetime, Clock clock, Runnable onReuse) {
        this.outbox = outbox;
        this.sessions = sessions;
        this.successors = new SecretKeySpec(secret.derive("refresh-successors"), "HmacSHA256");
        this.lifetime = lifetime;
        this.clock = clock;
        this.onReuse = onReuse;
    }

    static String fresh() {
        return Opaque.fresh(PREFIX);
    }

    static void issue(Connection connection, String token, UUID sessionId) throws SQLException {
        update(connection, ISSUE, Opaque.hash(token), sessionId);
    }

    /** Exchanges a refresh token for the next one of its session; empty if it is worth nothing. */
    Optional<Open> rotate(Rotation rotation) {
        if (!TOKEN.matcher(rotation.token()).matches()) {
            return Optional.empty();
        }
        return outbox.commit(transaction -> rotate(transaction, rotation));
    }

    private Optional<Open> rotate(Outbox.Transaction transaction, Rotation rotation) throws SQLException {
        Connection connection = transaction.connection();
        byte[] hash = Opaque.hash(rotation.token());
        Session session = lock(connection, hash);
        if (session == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        if (!session.expiresAt().isAfter(now)) {
            update(connection, BURY, session.id());
            return Optional.empty();
        }
        Spent spent = read(connection, hash);
        return spent.at() == null
                ? Optional.of(spend(connection, session, hash, rotation, now))
                : again(transaction, session, spent, rotation, now);
    }

    private Open spend(Connection connection, Session session, byte[] hash, Rotation rotation, Instant now)
            throws SQLException {
        boolean retryable = rotation.retryKey() != null;
        String next = retryable ? successor(rotation.token()) : fresh();
        byte[] retryKey = retryable ? Opaque.hash(rotation.retryKey()) : null;
        update(connection, SPEND, time(now), retryKey, hash);
        issue(connection, next, session.id());
        update(connection, FORGET, session.id(), time(now.minus(lifetime)));
        update(connection, PROLONG, time(now.plus(lifetime)), time(now), session.id());
        return new Open(session.id(), session.userId(), next);
    }

    private Optional<Open> again(
            Outbox.Transaction transaction, Session session, Spent spent, Rotation rotation, Instant now)
            throws SQLException {
        if (rotation.retryKey() != null
                && spent.retryKey() != null
                && MessageDigest.isEqual(spent.retryKey(), Opaque.hash(rotation.retryKey()))
                && now.isBefore(spent.at().plus(GRACE))) {
            String next = successor(rotation.token());
            Spent nextSpent = read(transaction.connection(), Opaque.hash(next));
            if (nextSpent != null && nextSpent.at() == null) {
                return Optional.of(new Open(session.id(), session.userId(), next));
            }
        }
        if (rotation.arrivedAt().isAfter(spent.at())) {
            sessions.end(transaction, session.userId(), session.id());
            onReuse.run();
            LOG.log(
                    Level.WARNING,
                    "A spent refresh token was shown again: session {0} of user {1} ends",
                    session.id(),
                    session.userId());
        }
        return Optional.empty();
    }

    private static Session lock(Connection connection, byte[] hash) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setBytes(1, hash);
            try (ResultSet row = lock.executeQuery()) {
                return row.next()
                        ? new Session(row.getObject(1, UUID.class), row.getObject(2, UUID.class), instant(row, 3))
                        : null;
            }
        }
    }

    private static Spent read(Connection connection, byte[] hash) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(READ)) {
            read.setBytes(1, hash);
            try (ResultSet row = read.executeQuery()) {
                return row.next() ? new Spent(instant(row, 1), row.getBytes(2)) : null;
            }
        }
    }

    private static void update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private String successor(String token) {
        try {
            Mac mac = Mac.getInstance(successors.getAlgorithm());
            mac.init(successors);
            return Opaque.of(PREFIX, mac.doFinal(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This JDK has no HmacSHA256", impossible);
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
