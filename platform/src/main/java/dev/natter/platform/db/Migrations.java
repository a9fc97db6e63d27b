package dev.natter.platform.db;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Brings a schema up to date. Two sets with a history each, so that their versions never meet: what every service has
 * (outbox, idempotency) from {@code db/platform}, and the service's own. Flyway takes an advisory lock, so of many
 * nodes that start at once one migrates and the others wait.
 */
final class Migrations {
    private static final Logger LOG = System.getLogger(Migrations.class.getName());
    private static final String PLATFORM = "db/platform";

    private Migrations() {}

    static void run(Pool pool, String location) {
        migrate(pool, PLATFORM, "natter_platform_history");
        migrate(pool, location, "natter_history");
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
