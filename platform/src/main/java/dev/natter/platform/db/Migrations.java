package dev.natter.platform.db;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Brings a schema up to date. Two sets with a history each, so that their versions never meet: what every service has
 * (outbox, idempotency) from {@code db/platform}, and the service's own. Flyway takes an advisory lock, so of many
 * nodes that start at once one migrates and the others wait. Flyway takes half a second to find that nothing is to be
 * done, so it is asked only if a look at its history leaves any doubt.
 */
final class Migrations {
    private static final Logger LOG = System.getLogger(Migrations.class.getName());
    private static final String PLATFORM = "db/platform";
    private static final String PLATFORM_HISTORY = "natter_platform_history";
    private static final String HISTORY = "natter_history";

    private Migrations() {}

    static void run(Pool pool, String location) {
        migrate(pool, PLATFORM, PLATFORM_HISTORY);
        migrate(pool, location, HISTORY);
    }

    /** Whether {@link #run} would find nothing to do and nothing to complain of: true only if that is certain. */
    static boolean areDone(Connection connection, String location) {
        try {
            return History.of(connection, PLATFORM_HISTORY).equals(History.expected(PLATFORM))
                    && History.of(connection, HISTORY).equals(History.expected(location));
        } catch (SQLException | IOException unclear) {
            LOG.log(Level.DEBUG, "Flyway is to look at the schema: {0}", unclear.getMessage());
            return false;
        }
    }

    private static void migrate(Pool pool, String location, String history) {
        MigrateResult result = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(new SingleConnections(pool))
                .locations("classpath:" + location)
                .failOnMissingLocations(true)
                .table(history)
                // The other set's tables are there already.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                // A session's lock: one held by a transaction would stop CREATE INDEX CONCURRENTLY.
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                .load()
                .migrate();
        if (result.migrationsExecuted > 0) {
            LOG.log(Level.INFO, "{0}: schema {1} is now at {2}", pool.name(), location, result.targetSchemaVersion);
        }
    }
}
