package dev.natter.tests;

import dev.natter.backup.Backup;
import dev.natter.backup.Restore;
import dev.natter.backup.Store;
import dev.natter.local.Kept;
import dev.natter.local.Natter;
import dev.natter.local.Options;
import dev.natter.platform.db.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Natter of its own that loses everything and comes back from a backup, at the same address. */
final class Disaster {
    private final String name;
    private final Path backup;
    private final Options options;

    Disaster(String name) {
        this.name = name;
        this.backup = Arrangement.emptyFolder(name + "-backup").resolve("backup");
        this.options = new Options(Arrangement.emptyFolder(name), "127.0.0.1", freePort(), 0, false, Map.of())
                .with("secret.key", "the one thing that is kept elsewhere");
    }

    Client anyone() {
        return Client.anonymous(URI.create("http://127.0.0.1:" + options.port()));
    }

    Natter start() {
        return Natter.start(options);
    }

    void backUp() {
        try (Kept kept = Kept.in(options)) {
            Backup.take(kept.installation(), backup);
        }
    }

    /** Everything is gone: databases, streams, files. */
    void strike() {
        Arrangement.emptyFolder(name);
    }

    void restore() {
        try (Kept kept = Kept.stopped(options)) {
            Restore.from(backup, kept.installation());
        }
    }

    /** What a database says to a question, row by row. */
    List<String> ask(Store store, String question) throws SQLException {
        try (Kept kept = Kept.in(options);
                Connection connection = connect(kept.installation().databases().get(store));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }

    private static Connection connect(DatabaseUrl database) throws SQLException {
        return DriverManager.getConnection(database.jdbc(), database.user(), database.password());
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}
