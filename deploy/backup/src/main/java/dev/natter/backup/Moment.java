package dev.natter.backup;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * One moment of all databases of an installation, to be read for as long as it is open. Whoever writes an event waits
 * while it begins: milliseconds, and never longer than {@link #PATIENCE} for each database.
 */
final class Moment implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Moment.class.getName());

    /** A vacuum of the outbox keeps others from it for longer; it is passed by and tried again. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int TRIES = 40;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Connections snapshots;
    private Instant at;

    private Moment(Connections snapshots) {
        this.snapshots = snapshots;
    }

    /** The present moment. */
    static Moment of(Installation installation) throws SQLException {
        Moment moment = new Moment(Connections.to(installation));
        try (Connections writers = Connections.to(installation)) {
            for (int attempt = 1; !moment.isTaken(writers); attempt++) {
                if (attempt == TRIES) {
                    throw new BackupFailure("The outboxes can't be held for a moment; is something wrong with them?");
                }
                pause();
            }
            return moment;
        } catch (SQLException | RuntimeException failure) {
            moment.close();
            throw failure;
        }
    }

    private boolean isTaken(Connections writers) throws SQLException {
        long begin = System.nanoTime();
        try {
            for (Store store : Store.values()) {
                writers.get(store).setAutoCommit(false);
                run(writers.get(store), "SET LOCAL lock_timeout = " + PATIENCE.toMillis());
                run(writers.get(store), "LOCK TABLE outbox IN SHARE MODE");
            }
            for (Connection snapshot : snapshots.all().values()) {
                snapshot.setReadOnly(true);
                snapshot.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                snapshot.setAutoCommit(false);
                // The first statement is what a snapshot begins with.
                run(snapshot, "SELECT 1");
            }
            at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            return true;
        } catch (SQLException failure) {
            if (!LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
                throw failure;
            }
            LOG.log(Level.DEBUG, "An outbox is busy: {0}", failure.getMessage());
            return false;
        } finally {
            writers.rollback();
            LOG.log(Level.DEBUG, "Writers waited {0} ms at most", (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BackupFailure("Interrupted while waiting for the outboxes", interrupted);
        }
    }

    /** When that was. */
    Instant at() {
        return at;
    }

    /** A database as it was; for reading. */
    Connection in(Store store) {
        return snapshots.get(store);
    }

    @Override
    public void close() throws SQLException {
        snapshots.close();
    }
}
