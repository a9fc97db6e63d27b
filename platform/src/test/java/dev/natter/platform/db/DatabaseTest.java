package dev.natter.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Refused;
import dev.natter.servers.PostgresServer;
import dev.natter.testing.Ground;
import io.helidon.config.Config;
import io.helidon.health.HealthCheckResponse.Status;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
    private static Ground ground;
    private static Database database;

    @BeforeAll
    static void open() {
        ground = Ground.open();
        database = Database.open(ground.config(Map.of("database.pool.size", "3")), "db/test");
        database.start();
    }

    @AfterAll
    static void close() {
        database.close();
        ground.close();
    }

    @Test
    void aTransactionCommitsWhatItReturns() {
        UUID id = UUID.randomUUID();
        String name = database.inTransaction(connection -> {
            insert(connection, id, "kept");
            return "kept";
        });
        assertThat(name).isEqualTo("kept");
        assertThat(nameOf(id)).isEqualTo("kept");
    }

    @Test
    void aTransactionThatThrowsLeavesNothingAndKeepsItsException() {
        UUID id = UUID.randomUUID();
        Refused refusal = Problem.notFound("thing").refuse();
        assertThatThrownBy(() -> database.inTransaction(connection -> {
                    insert(connection, id, "gone");
                    throw refusal;
                }))
                .isSameAs(refusal);
        assertThat(nameOf(id)).isNull();
    }

    @Test
    void theFirstExceptionIsKeptWhenTheConnectionIsGoneToo() {
        assertThatThrownBy(() -> database.inTransaction(connection -> {
                    connection.createStatement().execute("SELECT pg_terminate_backend(pg_backend_pid())");
                    return null;
                }))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(503));
        assertThat(database.<String>inTransaction(connection -> "fine again")).isEqualTo("fine again");
    }

    @Test
    void aMistakeInSqlIsNotTheClientsFault() {
        assertThatThrownBy(() -> database.inTransaction(
                        connection -> connection.createStatement().execute("SELECT nonsense")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void deadlocksAreTriedAgain() throws Exception {
        UUID one = UUID.randomUUID();
        UUID two = UUID.randomUUID();
        database.inTransaction(connection -> {
            insert(connection, one, "0");
            insert(connection, two, "0");
            return null;
        });
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch bothHoldOne = new CountDownLatch(2);
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> touchBoth(two, one, bothHoldOne, runs));
        touchBoth(one, two, bothHoldOne, runs);
        other.join();
        assertThat(runs.get()).isGreaterThan(2);
        assertThat(nameOf(one)).isEqualTo("touched");
    }

    private static void touchBoth(UUID first, UUID second, CountDownLatch both, AtomicInteger runs) {
        database.inTransaction(connection -> {
            runs.incrementAndGet();
            touch(connection, first);
            both.countDown();
            awaitQuietly(both);
            touch(connection, second);
            return null;
        });
    }

    @Test
    void anExhaustedPoolIsA503() throws SQLException {
        try (Connection one = database.connection();
                Connection two = database.connection();
                Connection three = database.connection()) {
            assertThat(one.isValid(1) && two.isValid(1) && three.isValid(1)).isTrue();
            assertThatThrownBy(() -> database.inTransaction(connection -> null))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.problem().status()).isEqualTo(503));
        }
    }

    @Test
    void manyNodesMigrateAtOnce() {
        Config config = ground.config(Map.of("database.url", ground.database()));
        var starts = IntStream.range(0, 4)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> {
                    Database node = Database.open(config, "db/test");
                    node.start();
                    return node;
                }))
                .toList();
        starts.forEach(start -> start.join().close());
    }

    @Test
    void aSchemaThatIsUpToDateIsKnownWithoutFlyway() {
        assertThat(database.<Boolean>read(connection -> Migrations.areDone(connection, "db/test")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE natter_history SET checksum = checksum + 1 WHERE type = 'SQL'",
                "UPDATE natter_history SET success = false",
                "DELETE FROM natter_platform_history WHERE version = '003'",
                "DROP TABLE natter_history"
            })
    void anyDoubtAboutASchemaIsLeftToFlyway(String change) {
        boolean done = database.inTransaction(connection -> {
            connection.createStatement().execute(change);
            boolean answer = Migrations.areDone(connection, "db/test");
            connection.rollback();
            return answer;
        });

        assertThat(done).isFalse();
    }

    @Test
    void oneOfManyHoldsTheLockUntilItLetsGo() {
        AdvisoryLock first = database.lock("relay");
        try (AdvisoryLock second = database.lock("relay");
                AdvisoryLock other = database.lock("another")) {
            assertThat(first.hold()).isTrue();
            assertThat(first.hold()).isTrue();
            assertThat(second.hold()).isFalse();
            assertThat(other.hold()).isTrue();
            first.close();
            assertThat(second.hold()).isTrue();
        }
    }

    @Test
    void aDatabaseThatGoesAndComesBackIsNoticed(@TempDir Path folder) {
        try (PostgresServer server = PostgresServer.durable(folder, 0)) {
            server.createDatabase("own");
            Config config = ground.config(Map.of("database.url", server.url("own"), "database.pool.timeout", "PT0.5S"));
            server.stop();
            Database late = Database.open(config, "db/test");
            CompletableFuture<Void> started = CompletableFuture.runAsync(late::start);
            assertThat(late.check().call().status()).isEqualTo(Status.DOWN);
            server.start();
            started.join();
            assertThat(late.check().call().status()).isEqualTo(Status.UP);

            // The processes of its connections notice a moment later.
            server.crash();
            await().until(() -> late.check().call().status() == Status.DOWN);
            assertThatThrownBy(() -> late.inTransaction(connection -> null)).isInstanceOf(Refused.class);
            server.start();
            await().until(() -> late.check().call().status() == Status.UP);
            late.close();
        }
    }

    private static void insert(Connection connection, UUID id, String name) throws SQLException {
        try (var statement = connection.prepareStatement("INSERT INTO things (id, name) VALUES (?, ?)")) {
            statement.setObject(1, id);
            statement.setString(2, name);
            statement.executeUpdate();
        }
    }

    private static void touch(Connection connection, UUID id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE things SET name = 'touched' WHERE id = '" + id + "'");
        }
    }

    private static String nameOf(UUID id) {
        return database.inTransaction(connection -> {
            try (var statement = connection.prepareStatement("SELECT name FROM things WHERE id = ?")) {
                statement.setObject(1, id);
                ResultSet row = statement.executeQuery();
                return row.next() ? row.getString(1) : null;
            }
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
