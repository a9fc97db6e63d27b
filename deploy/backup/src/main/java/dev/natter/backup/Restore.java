package dev.natter.backup;

import dev.natter.platform.db.Database;
import dev.natter.platform.db.DatabaseUrl;
import dev.natter.platform.run.Settings;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Puts a backup into empty databases, while no service runs. Everything that can be looked at is looked at before
 * anything is written, and the four databases are committed together, at the end: if it fails, they are as empty as
 * they were.
 */
public final class Restore {
    private static final String OTHERS = """
            SELECT string_agg(DISTINCT coalesce(nullif(application_name, ''), usename), ', ') FROM pg_stat_activity
             WHERE datname = current_database() AND backend_type = 'client backend'
               AND pid <> pg_backend_pid() AND application_name <> 'natter-backup'""";

    /** Those who held the old name, however the databases come back, see that these aren't the numbers they know. */
    private static final String ANOTHER_EPOCH = "UPDATE dataset SET epoch = gen_random_uuid()::text";

    private final Backup backup;
    private final Manifest manifest;
    private final Installation installation;

    private Restore(Backup backup, Installation installation) throws IOException {
        this.backup = backup;
        this.manifest = backup.manifest();
        this.installation = installation;
    }

    /**
     * Restores.
     *
     * @param folder the backup
     * @param installation where to; its databases are empty, its services stopped
     * @throws BackupFailure if it can't be done, or must not
     */
    public static void from(Path folder, Installation installation) {
        try {
            new Restore(new Backup(folder), installation).run();
        } catch (IOException failure) {
            throw new BackupFailure("The backup can't be restored: " + failure, failure);
        } catch (SQLException failure) {
            throw new BackupFailure("PostgreSQL: " + failure.getMessage(), failure);
        }
    }

    private void run() throws IOException, SQLException {
        demandWhole();
        try (Connections connections = Connections.to(installation)) {
            for (Store store : Store.values()) {
                prepare(store, connections.get(store));
            }
            for (Store store : Store.values()) {
                connections.get(store).setAutoCommit(false);
                fill(store, connections.get(store));
            }
            backup.files().copyTo(new Tree(installation.media()));
            if (installation.nats() != null) {
                installation.nats().empty();
            }
            for (Store store : Store.values()) {
                connections.get(store).commit();
            }
            for (Store store : Store.values()) {
                connections.get(store).setAutoCommit(true);
                execute(connections.get(store), "ANALYZE");
            }
        }
    }

    private void demandWhole() throws IOException {
        for (Store store : Store.values()) {
            for (Manifest.Rows rows : stored(store).tables()) {
                Path file = backup.folder().resolve(rows.file(store));
                if (!Files.isRegularFile(file) || !Hash.of(file).equals(rows.sha256())) {
                    throw new BackupFailure(file + " is not what was backed up");
                }
            }
        }
        if (!backup.files().size().equals(manifest.files())) {
            throw new BackupFailure("Files are missing in " + backup.folder() + ", or others have come");
        }
    }

    private Manifest.Stored stored(Store store) {
        Manifest.Stored stored = manifest.databases().get(store.key());
        if (stored == null) {
            throw new BackupFailure("The backup holds nothing of " + store.key());
        }
        return stored;
    }

    /** Makes the schema, and demands that it is the one of the backup and that nobody has put anything into it. */
    private void prepare(Store store, Connection connection) throws SQLException {
        String others = text(connection, OTHERS);
        if (others != null) {
            throw new BackupFailure("Somebody is connected to the database of " + store.key() + ": " + others
                    + "; stop all services first");
        }
        try (Database database = Database.open(
                Settings.load(Restore.class, settings(installation.databases().get(store))), store.migrations())) {
            database.start();
        }
        if (!Table.migrations(connection).equals(stored(store).migrations())) {
            throw new BackupFailure("The backup is of another release, whose database of " + store.key()
                    + " is made by other migrations: restore with that release, then upgrade");
        }
        for (Table table : Table.of(connection)) {
            if (!table.isEmpty(connection)) {
                throw new BackupFailure("The database of " + store.key() + " isn't empty: there are rows in "
                        + table.name() + "; give it a new one");
            }
        }
    }

    private static Map<String, String> settings(DatabaseUrl url) {
        Map<String, String> settings = new HashMap<>();
        settings.put("database.url", url.jdbc());
        settings.put("database.user", url.user() == null ? "" : url.user());
        settings.put("database.password", url.password() == null ? "" : url.password());
        return settings;
    }

    private void fill(Store store, Connection connection) throws IOException, SQLException {
        for (Manifest.Rows rows : stored(store).tables()) {
            Path file = backup.folder().resolve(rows.file(store));
            try (InputStream packed = new BufferedInputStream(Files.newInputStream(file));
                    InputStream lines = new GZIPInputStream(packed, 1 << 16)) {
                long read = new Table(rows.table(), rows.columns()).read(connection, lines);
                if (read != rows.rows()) {
                    throw new BackupFailure(file + " holds " + read + " rows instead of " + rows.rows());
                }
            }
        }
        if (store == Store.MESSAGE) {
            execute(connection, ANOTHER_EPOCH);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
