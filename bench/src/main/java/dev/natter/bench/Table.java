package dev.natter.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * Fills a table from nothing, the fastest way there is that leaves a durable one behind: one COPY without indexes,
 * which are made again from all rows, in one transaction that also allows the rows to be written as seen by everyone
 * (FREEZE), as an age of vacuuming would leave them.
 *
 * @param connection of a superuser: nothing checks references to what was filled before
 * @param name the table
 */
record Table(Connection connection, String name) {
    private static final int BUFFER = 1 << 16;

    /** What isn't referred to by another table; a table that is gets its rows in the order of the key. */
    private static final String CONSTRAINTS = """
            SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
                   format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
              FROM pg_constraint c
             WHERE conrelid = CAST(? AS regclass) AND contype IN ('p', 'u')
               AND NOT EXISTS (SELECT FROM pg_constraint r WHERE r.contype = 'f' AND r.conindid = c.conindid)""";

    private static final String INDEXES = """
            SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
              FROM pg_index i
             WHERE indrelid = CAST(? AS regclass)
               AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)""";

    /** Takes rows. */
    @FunctionalInterface
    interface Sink {
        /** One row, in the order of the columns; neither tabs nor line breaks nor backslashes in texts. */
        void row(Object... values) throws IOException;
    }

    /** Gives rows. */
    @FunctionalInterface
    interface Source {
        void into(Sink sink) throws IOException;
    }

    /** Fills it; what was in it is gone, and in those that refer to it. */
    void fill(String columns, Source source) throws SQLException, IOException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL session_replication_role = replica");
            statement.execute("SET LOCAL maintenance_work_mem = '512MB'");
            statement.execute("TRUNCATE " + name + " CASCADE");
            List<String> again = new ArrayList<>(takeOff(CONSTRAINTS));
            again.addAll(takeOff(INDEXES));
            copy(columns, source);
            for (String one : again) {
                statement.execute(one);
            }
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute("VACUUM ANALYZE " + name);
        }
    }

    private void copy(String columns, Source source) throws SQLException, IOException {
        String copy = "COPY " + name + " (" + columns + ") FROM STDIN (FREEZE)";
        try (var out = new PGCopyOutputStream(connection.unwrap(PGConnection.class), copy, BUFFER)) {
            source.into(values -> write(out, values));
        }
    }

    private static void write(OutputStream out, Object... values) throws IOException {
        var row = new StringBuilder();
        for (int at = 0; at < values.length; at++) {
            row.append(at == 0 ? "" : "\t").append(values[at] == null ? "\\N" : values[at]);
        }
        out.write(row.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Takes off what slows writing down; gives what puts it on again. */
    private List<String> takeOff(String kind) throws SQLException {
        List<String> again = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(kind);
                Statement drop = connection.createStatement()) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    drop.execute(row.getString(1));
                    again.add(row.getString(2));
                }
            }
        }
        return again;
    }
}
