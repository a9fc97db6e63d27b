package dev.natter.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * A table of a service, as {@code COPY} has it: one line of text a row, which every PostgreSQL reads.
 *
 * @param name its name
 * @param columns its columns, as they are copied
 */
record Table(String name, List<String> columns) {
    /** What names this run of the installation and not its data, and what is known of the schema. */
    private static final Set<String> NOT_DATA =
            Set.of("dataset", "outbox_stream", "natter_history", "natter_platform_history");

    /** Those that others refer to come first. */
    private static final String TABLES = """
            WITH RECURSIVE ours AS (
                SELECT oid, relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
            ), depth AS (
                SELECT oid, 0 AS depth FROM ours
                UNION ALL
                SELECT conrelid, depth.depth + 1
                  FROM depth JOIN pg_constraint ON confrelid = depth.oid AND conrelid <> confrelid
            )
            SELECT ours.relname,
                   (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
                     WHERE attrelid = ours.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '')
              FROM ours JOIN depth USING (oid) GROUP BY ours.oid, ours.relname ORDER BY max(depth), ours.relname""";

    private static final String MIGRATIONS = """
            SELECT script, checksum FROM natter_platform_history WHERE type <> 'BASELINE'
            UNION ALL SELECT script, checksum FROM natter_history WHERE type <> 'BASELINE'""";

    private static final String COUNTERS = """
            SELECT attname, pg_get_serial_sequence(quote_ident(?), attname) FROM pg_attribute
             WHERE attrelid = quote_ident(?)::regclass AND attidentity <> ''""";

    /** All that hold data. */
    static List<Table> of(Connection connection) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                if (!NOT_DATA.contains(row.getString(1))) {
                    tables.add(new Table(row.getString(1), texts(row.getArray(2))));
                }
            }
        }
        return tables;
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
    }

    /** The migrations that have made the schema, with their checksums. */
    static Map<String, Integer> migrations(Connection connection) throws SQLException {
        Map<String, Integer> migrations = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(MIGRATIONS)) {
            while (row.next()) {
                migrations.put(row.getString(1), row.getInt(2));
            }
        }
        return migrations;
    }

    /** Whether there is no row in it. */
    boolean isEmpty(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT NOT EXISTS (SELECT FROM " + quoted(name) + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Writes its rows; how many. */
    long write(Connection connection, OutputStream out) throws SQLException, IOException {
        return connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY " + what() + " TO STDOUT", out);
    }

    /** Reads rows into it; how many. */
    long read(Connection connection, InputStream in) throws SQLException, IOException {
        long rows = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + what() + " FROM STDIN", in);
        count(connection);
        return rows;
    }

    /** Lets the numbers that the database draws go on after those that were read. */
    private void count(Connection connection) throws SQLException {
        try (PreparedStatement counters = connection.prepareStatement(COUNTERS)) {
            counters.setString(1, name);
            counters.setString(2, name);
            try (ResultSet row = counters.executeQuery()) {
                while (row.next()) {
                    try (PreparedStatement set = connection.prepareStatement(
                            "SELECT setval(?, max(%s)) FROM %s".formatted(quoted(row.getString(1)), quoted(name)))) {
                        set.setString(1, row.getString(2));
                        set.execute();
                    }
                }
            }
        }
    }

    private String what() {
        return quoted(name) + columns.stream().map(Table::quoted).collect(Collectors.joining(", ", " (", ")"));
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
