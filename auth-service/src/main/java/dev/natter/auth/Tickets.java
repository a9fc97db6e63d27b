package dev.natter.auth;

import dev.natter.contracts.Internal.TicketHolder;
import dev.natter.platform.db.Database;
import dev.natter.platform.token.Caller;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Tickets let one socket in, once, for moments: unlike an access token they may stand in a URL, which proxies and
 * browsers write down. One that was asked for within a session is void as soon as the session has ended.
 */
final class Tickets {
    static final Duration LIFETIME = Duration.ofSeconds(30);

    private static final String PREFIX = "wt_";
    private static final Pattern TICKET = Opaque.pattern(PREFIX);

    // Who ends the session meanwhile is waited for, and then there is no session to give a ticket of.
    private static final String ISSUE = """
            INSERT INTO tickets (hash, session_id, expires_at, token_expires_at)
            SELECT ?, id, ?, ? FROM sessions WHERE id = ? AND user_id = ? AND expires_at > ? FOR KEY SHARE""";

    // More than come, so that they never pile up.
    private static final String SWEEP = """
            DELETE FROM tickets WHERE hash IN (
              SELECT hash FROM tickets WHERE expires_at <= ? ORDER BY expires_at LIMIT 8 FOR UPDATE SKIP LOCKED)""";

    private static final String REDEEM = """
            DELETE FROM tickets t USING sessions s
            WHERE t.hash = ? AND t.expires_at > ? AND t.token_expires_at > ? AND s.id = t.session_id AND s.expires_at > ?
            RETURNING s.user_id, s.id, t.token_expires_at""";

    private final Database database;
    private final Clock clock;

    Tickets(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Gives a ticket; empty if the session has ended, whatever its access token says. */
    Optional<String> issue(Caller caller, UUID sessionId) {
        String ticket = Opaque.fresh(PREFIX);
        return database.inTransaction(connection -> {
            OffsetDateTime now = time(clock.instant());
            try (PreparedStatement sweep = connection.prepareStatement(SWEEP);
                    PreparedStatement issue = connection.prepareStatement(ISSUE)) {
                sweep.setObject(1, now);
                sweep.executeUpdate();
                issue.setBytes(1, Opaque.hash(ticket));
                issue.setObject(2, now.plus(LIFETIME));
                issue.setObject(3, time(caller.expiresAt()));
                issue.setObject(4, sessionId);
                issue.setObject(5, caller.userId());
                issue.setObject(6, now);
                return issue.executeUpdate() == 1 ? Optional.of(ticket) : Optional.empty();
            }
        });
    }

    /** Takes a ticket; of all who show it one gets an answer. */
    Optional<TicketHolder> redeem(String ticket) {
        if (!TICKET.matcher(ticket).matches()) {
            return Optional.empty();
        }
        return database.inTransaction(connection -> {
            OffsetDateTime now = time(clock.instant());
            try (PreparedStatement redeem = connection.prepareStatement(REDEEM)) {
                redeem.setBytes(1, Opaque.hash(ticket));
                redeem.setObject(2, now);
                redeem.setObject(3, now);
                redeem.setObject(4, now);
                try (ResultSet row = redeem.executeQuery()) {
                    return row.next()
                            ? Optional.of(new TicketHolder(
                                    row.getObject(1, UUID.class),
                                    row.getString(2),
                                    row.getObject(3, OffsetDateTime.class).toInstant()))
                            : Optional.empty();
                }
            }
        });
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
