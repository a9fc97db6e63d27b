package dev.natter.platform.db;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Which migrations a schema has seen, or those of the class path that it ought to have.
 *
 * @param checksums by the script's name; a migration's checksum is as Flyway computes it
 */
record History(Map<String, Integer> checksums) {
    private static final String EXISTS = "SELECT to_regclass(?) IS NOT NULL";
    private static final String ROWS =
            "SELECT script, checksum, success AND type = 'SQL' FROM %s WHERE type <> 'BASELINE'";

    /** What Flyway's table tells; anything but migrations that went well is an {@link SQLException}. */
    static History of(Connection connection, String table) throws SQLException {
        Map<String, Integer> checksums = new HashMap<>();
        if (!exists(connection, table)) {
            return new History(checksums);
        }
        try (PreparedStatement statement = connection.prepareStatement(ROWS.formatted(table));
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                if (!row.getBoolean(3)) {
                    throw new SQLException(row.getString(1) + " isn't a migration that went well");
                }
                checksums.put(row.getString(1), row.getInt(2));
            }
        }
        return new History(checksums);
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** What the scripts on the class path would leave. */
    static History expected(String location) throws IOException {
        Map<String, Integer> checksums = new HashMap<>();
        for (String script : scripts(location)) {
            try (InputStream text = loader().getResourceAsStream(location + "/" + script)) {
                checksums.put(script, checksum(text));
            }
        }
        if (checksums.isEmpty()) {
            throw new FileNotFoundException("no migrations in " + location);
        }
        return new History(checksums);
    }

    private static List<String> scripts(String location) throws IOException {
        List<String> scripts = new ArrayList<>();
        for (URL folder : Collections.list(loader().getResources(location))) {
            if (folder.openConnection() instanceof JarURLConnection archive) {
                archive.setUseCaches(false);
                try (JarFile jar = archive.getJarFile()) {
                    jar.stream()
                            .map(entry -> entry.getName())
                            .filter(name -> name.startsWith(location + "/") && name.endsWith(".sql"))
                            .forEach(name -> scripts.add(name.substring(location.length() + 1)));
                }
            } else {
                try (Stream<Path> files = Files.list(Path.of(URI.create(folder.toString())))) {
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".sql"))
                            .forEach(scripts::add);
                }
            }
        }
        return scripts;
    }

    private static ClassLoader loader() {
        return History.class.getClassLoader();
    }

    /** CRC-32 over the lines without their ends, so that a checkout's line ends don't matter. */
    private static int checksum(InputStream text) throws IOException {
        CRC32 sum = new CRC32();
        var lines = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            sum.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return (int) sum.getValue();
    }
}
