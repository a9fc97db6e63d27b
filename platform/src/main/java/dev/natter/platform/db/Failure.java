package dev.natter.platform.db;

import dev.natter.platform.http.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What the database's refusal means for whoever asked, by its SQLSTATE (PostgreSQL manual, appendix A). */
public enum Failure {
    /** The same transaction may succeed if it is run again: serialization failure, deadlock. */
    REPEATABLE,
    /** The database can't be reached or has too much to do; the client should come back. */
    PASSING,
    /** Not the database's doing, or a mistake of ours. */
    BUG;

    private static final Logger LOG = System.getLogger(Failure.class.getName());
    private static final int MAX_CAUSES = 12;
    private static final Set<String> REPEATABLE_STATES = Set.of("40001", "40P01");

    /** Shutdown, read-only after a failover, idle and lock time-out, statement time-out. */
    private static final Set<String> PASSING_STATES =
            Set.of("57P01", "57P02", "57P03", "57P05", "25006", "25P03", "55P03", "57014");

    /**
     * What an exception means, wherever in it the {@link SQLException} is: libraries wrap them.
     *
     * @param failure the exception
     * @return its meaning
     */
    public static Failure of(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return of(sql);
            }
        }
        return BUG;
    }

    private static Failure of(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (REPEATABLE_STATES.contains(state)) {
            return REPEATABLE;
        }
        // Classes 08 and 53: connection, resources.
        boolean passing = failure instanceof SQLTransientConnectionException
                || state.startsWith("08")
                || state.startsWith("53")
                || PASSING_STATES.contains(state);
        return passing ? PASSING : BUG;
    }

    /** What to throw in its place. */
    static RuntimeException unchecked(SQLException failure) {
        if (of(failure) == BUG) {
            return new IllegalStateException(
                    "SQLSTATE " + failure.getSQLState() + ": " + failure.getMessage(), failure);
        }
        // That the pool has no connection Database has said already, once for all who ask.
        Level level = failure instanceof SQLTransientConnectionException ? Level.DEBUG : Level.WARNING;
        LOG.log(level, "Database out of reach: {0} {1}", failure.getSQLState(), failure.getMessage());
        return unavailable().refuse();
    }

    /**
     * What a client is told while the database is out of reach.
     *
     * @return a 503
     */
    public static Problem unavailable() {
        return Problem.unavailable("The service can't reach its data now.");
    }
}
