package dev.natter.platform.db;

import com.zaxxer.hikari.HikariDataSource;
import dev.natter.platform.http.Refused;
import io.helidon.config.Config;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import io.helidon.dbclient.jdbc.JdbcConnectionPool;
import io.helidon.dbclient.jdbc.JdbcParametersConfig;
import io.helidon.health.HealthCheck;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A service's own PostgreSQL database: one pool, two doors. {@link #client} is Helidon's DbClient, for single
 * statements off the hot path; {@link #read} and {@link #inTransaction} are plain JDBC, for everything of more than one
 * statement or that must be fast.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Database.class.getName());
    private static final int TRIES = 5;

    /** Work done on one connection. */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Does it.
         *
         * @param connection the connection; not to be closed, committed or kept
         * @return whatever the work is for
         * @throws SQLException rolls back a transaction
         */
        T in(Connection connection) throws SQLException;
    }

    private final Pool settings;
    private final String migrations;
    private final DbClient client;
    /** Whether the last who asked the pool got no connection: while the server is away, only the first is news. */
    private final AtomicBoolean without = new AtomicBoolean();

    private volatile HikariDataSource pool;
    private volatile PoolMeters meters;
    private volatile boolean closed;

    private Database(Pool settings, String migrations) {
        this.settings = settings;
        this.migrations = migrations;
        this.client = JdbcClientBuilder.create()
                .connectionPool(new ClientPool())
                // Texts and bytes are bound as what they are, not as streams.
                .parametersSetter(JdbcParametersConfig.builder()
                        .useStringBinding(false)
                        .useByteArrayBinding(false)
                        .build())
                .build();
    }

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
        String name = "natter-" + migrations.substring(migrations.lastIndexOf('/') + 1);
        return new Database(Pool.from(config, name), migrations);
    }

    /** Waits for the server, with back-off and a line in the log, then migrates the schema under a lock. */
    public void start() {
        if (!isMigrated()) {
            Migrations.run(settings, migrations);
        }
        HikariDataSource open = settings.open();
        meters = new PoolMeters(open);
        pool = open;
    }

    private boolean isMigrated() {
        Duration pause = Duration.ofMillis(100);
        for (int attempt = 0; ; attempt++) {
            try (Connection connection = settings.single()) {
                if (connection.isValid(3)) {
                    return Migrations.areDone(connection, migrations);
                }
            } catch (SQLException notYet) {
                if (Integer.bitCount(attempt) <= 1) {
                    LOG.log(
                            Level.WARNING,
                            "{0} waits for PostgreSQL at {1}: {2}",
                            settings.name(),
                            settings.url().place(),
                            notYet.getMessage());
                }
            }
            pause(pause);
            pause = pause.multipliedBy(2).compareTo(Duration.ofSeconds(5)) > 0
                    ? Duration.ofSeconds(5)
                    : pause.multipliedBy(2);
        }
    }

    private void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for PostgreSQL", interrupted);
        }
        if (closed) {
            throw new IllegalStateException("Closed while waiting for PostgreSQL");
        }
    }

    /**
     * Helidon's DbClient on the pool. Its traps: bind {@code OffsetDateTime} for times, write {@code CAST(? AS uuid)}
     * for ids, use indexed parameters, always consume a query's stream.
     *
     * @return the client
     */
    public DbClient client() {
        return client;
    }

    /**
     * A connection of the pool, in auto-commit.
     *
     * @return the connection; the caller closes it
     * @throws SQLException if none can be had in time
     */
    public Connection connection() throws SQLException {
        HikariDataSource open = pool;
        if (open == null) {
            throw new SQLTransientConnectionException(settings.name() + " has not started yet", "08003");
        }
        try {
            Connection connection = open.getConnection();
            if (without.getAndSet(false)) {
                LOG.log(Level.INFO, "{0} has connections to PostgreSQL again", settings.name());
            }
            return connection;
        } catch (SQLException failure) {
            if (!without.getAndSet(true) && !closed) {
                LOG.log(Level.WARNING, "{0} gets no connection to PostgreSQL: {1}", settings.name(), failure);
            }
            throw failure;
        }
    }

    /**
     * Runs one statement's worth of reading, in auto-commit: a snapshot of its own, and no round trip beside the
     * query's.
     *
     * @param work the work
     * @return what it returned
     * @throws Refused as the work threw it; 503 if the database can't be reached now
     */
    public <T> T read(Work<T> work) {
        return alone(work);
    }

    /**
     * Runs one statement that writes, in auto-commit: a transaction of its own, and no round trip beside the
     * statement's. Not tried again, whatever becomes of it.
     *
     * @param work the work
     * @return what it returned
     * @throws Refused as the work threw it; 503 if the database can't be reached now
     */
    public <T> T write(Work<T> work) {
        return alone(work);
    }

    private <T> T alone(Work<T> work) {
        try (Connection connection = connection()) {
            return work.in(connection);
        } catch (SQLException failure) {
            throw Failure.unchecked(failure);
        }
    }

    /**
     * Runs work in one transaction: commits if it returns, rolls back if it throws, tries again on a deadlock or
     * serialization failure.
     *
     * @param work the work; may run more than once
     * @return what it returned
     * @throws Refused as the work threw it; 503 if the database can't be reached now
     */
    public <T> T inTransaction(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (SQLException failure) {
                if (Failure.of(failure) != Failure.REPEATABLE || attempt == TRIES) {
                    throw Failure.unchecked(failure);
                }
                pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(5L << attempt)));
            }
        }
    }

    private <T> T once(Work<T> work) throws SQLException {
        try (Connection connection = connection()) {
            try {
                connection.setAutoCommit(false);
                T result = work.in(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error failure) {
                undo(connection, failure);
                throw failure;
            }
        }
    }

    private static void undo(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException broken) {
            // The first failure is the one that explains; a broken connection has rolled back by itself.
            failure.addSuppressed(broken);
        }
    }

    /**
     * A lock that one process among all that use this database can hold.
     *
     * @param name what it is for
     * @return the lock, not held yet
     */
    public AdvisoryLock lock(String name) {
        return new AdvisoryLock(settings::single, name);
    }

    /**
     * Whether the database answers.
     *
     * @return a readiness check named {@code database}
     */
    public HealthCheck check() {
        return new DatabaseCheck(this);
    }

    @Override
    public void close() {
        closed = true;
        HikariDataSource open = pool;
        if (open != null) {
            meters.close();
            open.close();
        }
    }

    /** The pool as Helidon's client wants it. */
    private final class ClientPool implements JdbcConnectionPool {
        @Override
        public Connection connection() {
            try {
                return Database.this.connection();
            } catch (SQLException failure) {
                throw Failure.unchecked(failure);
            }
        }
    }
}
