package dev.natter.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.natter.platform.http.Refused;
import dev.natter.testing.Ground;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.DbTransaction;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What Helidon's DbClient 4.1.2 does that nobody expects, and the way around each. A test that fails after an upgrade
 * says which workaround can go.
 */
class DbClientBehaviourTest {
    private static final String INSERT = "INSERT INTO things (id, name, size, at) VALUES (CAST(? AS uuid), ?, ?, ?)";

    private static Ground ground;

    private Database database;

    @BeforeAll
    static void prepare() {
        ground = Ground.open();
    }

    @AfterAll
    static void clear() {
        ground.close();
    }

    @BeforeEach
    void open() {
        database = Database.open(
                ground.config(Map.of("database.pool.size", "2", "database.pool.timeout", "PT0.3S")), "db/test");
        database.start();
    }

    @AfterEach
    void close() {
        // The pool waits long for connections that were lost; nobody has to wait for the pool.
        Thread.ofVirtual().start(database::close);
    }

    @Test
    void aUuidNeedsACast() {
        UUID id = UUID.randomUUID();
        assertThatThrownBy(() -> execute().dml("INSERT INTO things (id, name) VALUES (?, ?)", id, "x"))
                .hasStackTraceContaining("is of type uuid but expression is of type character varying");
        assertThat(execute().dml("INSERT INTO things (id, name) VALUES (CAST(? AS uuid), ?)", id, "x"))
                .isEqualTo(1);
    }

    @Test
    void anInstantCanNotBeBoundButAnOffsetDateTimeCan() {
        assertThatThrownBy(() -> execute().dml(INSERT, UUID.randomUUID(), "x", 1, Instant.now()))
                .hasStackTraceContaining("Can't infer the SQL type");
        assertThat(execute().dml(INSERT, UUID.randomUUID(), "x", 1, OffsetDateTime.now(ZoneOffset.UTC)))
                .isEqualTo(1);
    }

    @Test
    void aTimeComesBackAsATimestamp() {
        UUID id = insert("x", 1);
        DbRow row = execute()
                .get("SELECT at FROM things WHERE id = CAST(? AS uuid)", id)
                .orElseThrow();
        assertThat(row.column(1).get()).isInstanceOf(Timestamp.class);
        assertThatThrownBy(() -> row.column(1).get(Instant.class)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void aNullIsNullByTypeButAnExceptionByPrimitive() {
        UUID id = insert("x", null);
        DbRow row = execute()
                .get("SELECT size FROM things WHERE id = CAST(? AS uuid)", id)
                .orElseThrow();
        assertThat(row.column(1).get(Integer.class)).isNull();
        assertThatThrownBy(() -> row.column(1).asInt().get()).isInstanceOf(RuntimeException.class);
    }

    @Test
    void aDoubleColonBreaksNamedParametersOnly() {
        UUID id = insert("x", 1);
        assertThatThrownBy(() -> execute()
                        .createNamedGet("named", "SELECT name FROM things WHERE id = :id::uuid")
                        .addParam("id", id.toString())
                        .execute())
                .isInstanceOf(RuntimeException.class);
        assertThat(execute()
                        .createNamedGet("indexed", "SELECT name FROM things WHERE id = ?::uuid")
                        .addParam(id.toString())
                        .execute())
                .isPresent();
    }

    @Test
    void aLongTextIsBoundAsAText() {
        String text = "Ж".repeat(4000);
        UUID id = insert(text, 1);
        DbRow row = execute()
                .get("SELECT name FROM things WHERE id = CAST(? AS uuid)", id)
                .orElseThrow();
        assertThat(row.column(1).getString()).isEqualTo(text);
    }

    @Test
    void aQueryWhoseParameterCanNotBeBoundLosesItsConnection() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> drain(execute().query("SELECT name FROM things WHERE at < ?", Instant.now())))
                    .isInstanceOf(RuntimeException.class);
        }
        assertThat(isExhausted()).isTrue();
    }

    @Test
    void aStreamThatNobodyConsumesHoldsItsConnection() {
        Stream<DbRow> one = execute().query("SELECT name FROM things");
        Stream<DbRow> two = execute().query("SELECT name FROM things");
        assertThat(isExhausted()).isTrue();
        drain(one);
        drain(two);
        assertThat(isExhausted()).isFalse();
    }

    @Test
    void aTransactionWithoutAnEndHoldsItsConnection() {
        DbTransaction one = client().transaction();
        one.dml("DELETE FROM things WHERE false");
        DbTransaction two = client().transaction();
        two.dml("DELETE FROM things WHERE false");
        assertThat(isExhausted()).isTrue();
        one.rollback();
        two.rollback();
        assertThat(isExhausted()).isFalse();
    }

    @Test
    void afterAFailedQueryInATransactionRollbackThrowsToo() {
        DbTransaction transaction = client().transaction();
        assertThatThrownBy(() -> drain(transaction.query("SELECT nonsense"))).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(transaction::rollback).isInstanceOf(RuntimeException.class);
    }

    @Test
    void anExhaustedPoolStillReachesTheCallerAsARefusal() throws SQLException {
        try (var one = database.connection();
                var two = database.connection()) {
            assertThat(one.isValid(1) && two.isValid(1)).isTrue();
            assertThatThrownBy(() -> execute().dml("DELETE FROM things"))
                    .satisfiesAnyOf(
                            failure -> assertThat(failure).isInstanceOf(Refused.class),
                            failure -> assertThat(failure).hasRootCauseInstanceOf(Refused.class));
        }
    }

    private UUID insert(String name, Integer size) {
        UUID id = UUID.randomUUID();
        execute().dml(INSERT, id, name, size, OffsetDateTime.now(ZoneOffset.UTC));
        return id;
    }

    private DbClient client() {
        return database.client();
    }

    private DbExecute execute() {
        return client().execute();
    }

    private static void drain(Stream<DbRow> rows) {
        assertThat(rows.toList()).isNotNull();
    }

    private boolean isExhausted() {
        try (var connection = database.connection()) {
            return !connection.isValid(1);
        } catch (SQLException none) {
            return true;
        }
    }
}
