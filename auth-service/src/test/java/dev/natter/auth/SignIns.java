package dev.natter.auth;

import dev.natter.auth.RefreshTokens.Rotation;
import dev.natter.auth.Sessions.Open;
import dev.natter.contracts.Subjects;
import dev.natter.contracts.User;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.token.Caller;
import dev.natter.testing.Ground;
import dev.natter.testing.Hands;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Sessions, and what prolongs and uses them, on real servers and by a clock of the test's own. */
final class SignIns implements AutoCloseable {
    static final Duration LIFETIME = Duration.ofDays(30);
    static final Duration MOMENT = Duration.ofMillis(20);

    final Hands clock = new Hands(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    final AtomicInteger reuses = new AtomicInteger();
    final Bus bus;
    final Database database;
    final Sessions sessions;
    final RefreshTokens refreshTokens;
    final Tickets tickets;
    private final Ground ground = Ground.open();
    private final Outbox outbox;

    SignIns() {
        database = Database.open(ground.config(), "db/auth");
        database.start();
        bus = Bus.open(ground.config(), "test");
        bus.start();
        outbox = new Outbox(database, bus, Subjects.USERS, Subjects.USERS_KEPT);
        outbox.start();
        sessions = new Sessions(database, outbox, LIFETIME, clock);
        refreshTokens = new RefreshTokens(outbox, sessions, ground.secret(), LIFETIME, clock, reuses::incrementAndGet);
        tickets = new Tickets(database, clock);
    }

    UUID user() {
        UUID id = Uuid7.next();
        var wanted = new Registration("u" + id.toString().substring(9, 36), "correct horse", null, null);
        var user = new User(id, wanted.username(), wanted.displayName(), null, null, clock.instant());
        database.inTransaction(connection -> {
            new Users(database).insert(connection, user, wanted, "not a hash");
            return id;
        });
        return id;
    }

    Optional<Open> rotate(String token) {
        return rotate(token, null);
    }

    /** Each request arrives a moment after the one before it was answered. */
    Optional<Open> rotate(String token, String retryKey) {
        clock.advance(MOMENT);
        return refreshTokens.rotate(new Rotation(token, retryKey, clock.instant()));
    }

    String ticket(Open open) {
        return tickets.issue(caller(open), open.id()).orElseThrow();
    }

    static Caller caller(Open open) {
        return new Caller(open.userId(), open.id().toString(), Instant.parse("2100-01-01T00:00:00Z"));
    }

    @Override
    public void close() {
        outbox.close();
        bus.close();
        database.close();
        ground.close();
    }
}
