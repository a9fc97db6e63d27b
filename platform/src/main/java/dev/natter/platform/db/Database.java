package dev.natter.platform.db;

import io.helidon.config.Config;
import io.helidon.dbclient.DbClient;
import io.helidon.health.HealthCheck;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A service's own PostgreSQL database: one pool, two doors. {@link #client} is Helidon's DbClient, for single
 * statements off the hot path; {@link #inTransaction} and {@link #connection} are plain JDBC, for everything of more
 * than one statement or that must be fast.
 */
public final class Database implements AutoCloseable {
    /** Work done in one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Does it.
         *
         * @param connection the transaction's connection; not to be closed, committed or kept
         * @return whatever the work is for
         * @throws SQLException rolls back
         */
        T in(Connection connection) throws SQLException;
    }

    private Database() {}

    /**
     * Reads the keys {@code database.*}: {@code url} (both {@code postgresql://user:pw@host/db} and
     * {@code jdbc:postgresql:} forms), {@code user}, {@code password}, {@code pool.size}, {@code pool.timeout}.
     * Connects to nothing yet.
     *
     * @param config a service's settings
     * @param migrations where the service's migrations lie on the class path, as in {@code db/message}
     * @return the database
     */
    public static Database open(Config config, String migrations) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Waits for the server, with back-off and a line in the log, then migrates the schema under a lock. */
    public void start() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Helidon's DbClient on the pool. Its traps: bind {@code OffsetDateTime} for times, write {@code CAST(? AS uuid)}
     * for ids, use indexed parameters, always consume a query's stream.
     *
     * @return the client
     */
    public DbClient client() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * A connection of the pool, in auto-commit.
     *
     * @return the connection; the caller closes it
     * @throws SQLException if none can be had in time
     */
    public Connection connection() throws SQLException {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Runs work in one transaction: commits if it returns, rolls back if it throws, tries again on a deadlock or
     * serialization failure.
     *
     * @param work the work; may run more than once
     * @return what it returned
     * @throws dev.natter.platform.http.Refused as the work threw it; 503 if the database can't be reached now
     */
    public <T> T inTransaction(Work<T> work) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Whether the database answers.
     *
     * @return a readiness check named {@code database}
     */
    public HealthCheck check() {
        throw new UnsupportedOperationException("skeleton");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("skeleton");
    }
}
