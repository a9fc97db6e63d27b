package dev.natter.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.natter.platform.db.Database;
import dev.natter.platform.http.Idempotency.Answer;
import dev.natter.testing.Ground;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyTest {
    private static final Answer CREATED = new Answer(201, bytes("{\"id\":1}"), "/things/1");

    private static Ground ground;
    private static Database database;

    private final UUID user = UUID.randomUUID();

    @BeforeAll
    static void open() {
        ground = Ground.open();
        database = Database.open(ground.config(), "db/test");
        database.start();
    }

    @AfterAll
    static void close() {
        database.close();
        ground.close();
    }

    @Test
    void aRetryGetsTheFirstAnswerAgain() {
        assertThat(attempt("k", "a").replayed()).isFalse();

        Answer again = attempt("k", "a");

        assertThat(again.replayed()).isTrue();
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(CREATED.body());
        assertThat(again.location()).isEqualTo("/things/1");
    }

    @Test
    void anotherBodyOrPathWithTheKeyIsRefused() {
        attempt("k", "a");

        assertThat(refusal(() -> attempt("k", "b")).code()).isEqualTo("idempotency_key_reused");
        assertThat(refusal(() -> attempt(Idempotency.of("k", user, "POST /others", bytes("a"))))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void aKeyIsOnesOwn() {
        attempt("k", "a");

        Answer other = attempt(Idempotency.of("k", UUID.randomUUID(), "POST /things", bytes("b")));

        assertThat(other.replayed()).isFalse();
    }

    @Test
    void withoutAKeyEachAttemptIsTheFirst() {
        assertThat(attempt(null, "a").replayed()).isFalse();
        assertThat(attempt(null, "a").replayed()).isFalse();
    }

    @Test
    void whileTheFirstStillRunsTheSecondIsToldToTryLater() {
        database.inTransaction(first -> {
            assertThat(idempotency("k", "a").replay(first)).isEmpty();

            Problem problem = refusal(() -> attempt("k", "a"));

            assertThat(problem.status()).isEqualTo(409);
            assertThat(problem.code()).isEqualTo("idempotency_in_progress");
            assertThat(problem.retryable()).isTrue();
            return null;
        });

        assertThat(attempt("k", "a").replayed()).isFalse();
    }

    @Test
    void anAttemptThatFailedLeavesTheKeyFree() {
        refusal(() -> database.inTransaction(connection -> {
            store(idempotency("k", "a"), connection);
            throw Problem.malformed("No.").refuse();
        }));

        assertThat(attempt("k", "b").replayed()).isFalse();
    }

    @Test
    void whatIsOlderThanADayIsSwept() {
        attempt("old", "a");
        database.inTransaction(connection -> {
            try (var age = connection.prepareStatement(
                    "UPDATE idempotency SET created_at = now() - interval '25 hours' WHERE user_id = ?")) {
                age.setObject(1, user);
                return age.executeUpdate();
            }
        });

        attempt("new", "a");

        assertThat(attempt("old", "b").replayed()).isFalse();
        assertThat(attempt("new", "a").replayed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tab\tinside", "ключ", "nul\u0000"})
    void whatIsNoKeyIsRefused(String key) {
        assertThat(refusal(() -> idempotency(key, "a")).status()).isEqualTo(422);
    }

    @Test
    void aKeyHasAtMostTwoHundredCharacters() {
        assertThat(attempt("k".repeat(200), "a").replayed()).isFalse();
        assertThat(refusal(() -> idempotency("k".repeat(201), "a")).status()).isEqualTo(422);
    }

    private Idempotency idempotency(String key, String body) {
        return Idempotency.of(key, user, "POST /things", bytes(body));
    }

    private Answer attempt(String key, String body) {
        return attempt(idempotency(key, body));
    }

    private static Answer attempt(Idempotency attempt) {
        return database.inTransaction(connection -> store(attempt, connection));
    }

    private static Answer store(Idempotency attempt, Connection connection) throws SQLException {
        var first = attempt.replay(connection);
        return first.isPresent() ? first.get() : attempt.store(connection, CREATED);
    }

    private static Problem refusal(ThrowingCallable attempt) {
        return catchThrowableOfType(Refused.class, attempt).problem();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
