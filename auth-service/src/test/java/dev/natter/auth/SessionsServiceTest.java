package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.auth.Sessions.Open;
import dev.natter.auth.Sessions.Rotation;
import dev.natter.contracts.User;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Uuid7;
import dev.natter.testing.Ground;
import dev.natter.testing.Hands;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionsServiceTest {
    private static final Duration MOMENT = Duration.ofMillis(20);

    private final Hands clock = new Hands(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    private Ground ground;
    private Database database;
    private Sessions sessions;
    private final AtomicInteger reuses = new AtomicInteger();

    @BeforeAll
    void open() {
        ground = Ground.open();
        database = Database.open(ground.config(), "db/auth");
        database.start();
        sessions = new Sessions(database, ground.secret(), Duration.ofDays(30), clock, reuses::incrementAndGet);
    }

    @AfterAll
    void close() {
        database.close();
        ground.close();
    }

    @Test
    void aTokenWorksOnceAndItsSuccessorToo() {
        Open first = sessions.open(user());

        Open second = rotate(first.refreshToken()).orElseThrow();
        Open third = rotate(second.refreshToken()).orElseThrow();

        assertThat(List.of(second.id(), third.id())).containsOnly(first.id());
        assertThat(third.userId()).isEqualTo(first.userId());
        assertThat(List.of(first.refreshToken(), second.refreshToken(), third.refreshToken()))
                .doesNotHaveDuplicates();
    }

    @Test
    void aTokenThatComesAgainEndsTheWholeSession() {
        Open first = sessions.open(user());
        Open other = sessions.open(first.userId());
        Open second = rotate(first.refreshToken()).orElseThrow();
        Open third = rotate(second.refreshToken()).orElseThrow();

        int before = reuses.get();

        assertThat(rotate(first.refreshToken())).isEmpty();

        assertThat(reuses).hasValue(before + 1);
        assertThat(rotate(third.refreshToken())).isEmpty();
        assertThat(rotate(second.refreshToken())).isEmpty();
        assertThat(rotate(other.refreshToken())).isPresent();
    }

    @Test
    void fiftyWhoShowOneTokenAtOnceMakeOneSuccessor() throws Exception {
        Open first = sessions.open(user());
        var arrivedAt = clock.instant();
        var together = new CyclicBarrier(50);
        List<Future<Optional<Open>>> answers = new ArrayList<>();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> {
                    together.await();
                    return sessions.rotate(new Rotation(first.refreshToken(), null, arrivedAt));
                }));
            }
        }

        List<Open> winners = new ArrayList<>();
        for (Future<Optional<Open>> answer : answers) {
            answer.get().ifPresent(winners::add);
        }
        assertThat(winners).hasSize(1);
        assertThat(rotate(winners.getFirst().refreshToken())).isPresent();
    }

    @Test
    void aLostAnswerIsGivenAgainToWhoeverNamedTheRequest() {
        Open first = sessions.open(user());
        Open second = rotate(first.refreshToken(), "retry-1").orElseThrow();

        assertThat(rotate(first.refreshToken(), "retry-1")).contains(second);
        assertThat(rotate(second.refreshToken())).isPresent();
    }

    @Test
    void aLostAnswerIsNotGivenToAnotherRequest() {
        Open first = sessions.open(user());
        Open second = rotate(first.refreshToken(), "retry-1").orElseThrow();

        assertThat(rotate(first.refreshToken(), "retry-2")).isEmpty();
        assertThat(rotate(second.refreshToken())).isEmpty();
    }

    @Test
    void aLostAnswerIsNotGivenLateNorAfterItArrived() {
        Open late = sessions.open(user());
        rotate(late.refreshToken(), "retry").orElseThrow();
        clock.advance(Duration.ofSeconds(10));
        assertThat(rotate(late.refreshToken(), "retry")).isEmpty();

        Open used = sessions.open(user());
        Open second = rotate(used.refreshToken(), "retry").orElseThrow();
        Open third = rotate(second.refreshToken()).orElseThrow();
        assertThat(rotate(used.refreshToken(), "retry")).isEmpty();
        assertThat(rotate(third.refreshToken())).isEmpty();
    }

    @Test
    void aSessionEndsWhenItIsNotUsed() {
        Open idle = sessions.open(user());
        Open busy = sessions.open(idle.userId());

        clock.advance(Duration.ofDays(29));
        Open next = rotate(busy.refreshToken()).orElseThrow();
        clock.advance(Duration.ofDays(2));

        assertThat(rotate(idle.refreshToken())).isEmpty();
        assertThat(rotate(next.refreshToken())).isPresent();
    }

    @Test
    void whoSignsOutIsOut() {
        Open open = sessions.open(user());

        sessions.end(open.id());
        sessions.end(open.id());

        assertThat(rotate(open.refreshToken())).isEmpty();
    }

    @Test
    void whatIsNoTokenIsWorthNothing() {
        for (String text :
                List.of("", "rt_", "rt_" + "A".repeat(43), "\0", "rt_" + "я".repeat(43), "x".repeat(60_000))) {
            assertThat(rotate(text)).isEmpty();
        }
    }

    @Test
    void aUserHasOnlySoManySessions() {
        UUID userId = user();
        Open oldest = sessions.open(userId);
        clock.advance(MOMENT);
        Open second = sessions.open(userId);

        for (int i = 0; i < 99; i++) {
            clock.advance(MOMENT);
            sessions.open(userId);
        }

        assertThat(rotate(oldest.refreshToken())).isEmpty();
        assertThat(rotate(second.refreshToken())).isPresent();
    }

    @Test
    void noTokenIsStoredAsItIs() throws Exception {
        Open open = sessions.open(user());

        try (var connection = database.connection();
                var rows = connection
                        .prepareStatement("SELECT CAST(t AS text) FROM refresh_tokens t")
                        .executeQuery()) {
            while (rows.next()) {
                assertThat(rows.getString(1)).doesNotContain(open.refreshToken());
            }
        }
    }

    private Optional<Open> rotate(String token) {
        return rotate(token, null);
    }

    // Each request arrives a moment after the one before it was answered.
    private Optional<Open> rotate(String token, String retryKey) {
        clock.advance(MOMENT);
        return sessions.rotate(new Rotation(token, retryKey, clock.instant()));
    }

    private UUID user() {
        UUID id = Uuid7.next();
        var wanted = new Registration("u" + id.toString().substring(9, 36), "correct horse", null, null);
        var user = new User(id, wanted.username(), wanted.displayName(), null, null, clock.instant());
        database.inTransaction(connection -> {
            new Users(database).insert(connection, user, wanted, "not a hash");
            return id;
        });
        return id;
    }
}
