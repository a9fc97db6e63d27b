package dev.natter.platform.db;

import dev.natter.platform.http.Problem;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What an {@link SQLException} means for whoever asked, by its SQLSTATE (PostgreSQL manual, appendix A). */
enum Failure {
    /** The same transaction may succeed if it is run again: serialization failure, deadlock. */
    REPEATABLE,
    /** The database can't be reached or has too much to do; the client should come back. */
    PASSING,
    /** A mistake of ours. */
    BUG;

    private static final Set<String> REPEATABLE_STATES = Set.of("40001", "40P01");

    /** Connection, shutdown, resources, read-only after a failover, lock time-out, statement time-out. */
    private static final Set<String> PASSING_STATES =
            Set.of("57P01", "57P02", "57P03", "57P05", "25006", "25P03", "55P03", "57014");

    static Failure of(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (REPEATABLE_STATES.contains(state)) {
            return REPEATABLE;
        }
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
        RuntimeException refused =
                Problem.unavailable("The service can't reach its data now.").refuse();
        refused.addSuppressed(failure);
        return refused;
    }
}
