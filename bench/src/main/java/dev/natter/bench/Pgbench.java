package dev.natter.bench;

import dev.natter.bench.Figure.Reference;
import dev.natter.platform.db.DatabaseUrl;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * PostgreSQL's own load generator, on a database with message-service's tables: what the same rows cost the same server
 * when nobody stands before it.
 *
 * @param program where it is
 * @param database what it works on
 * @param folder where it may leave its logs
 */
record Pgbench(Path program, DatabaseUrl database, Path folder) {
    /** How many chats the tables have. */
    static final int CHATS = 64;

    private static final List<Integer> CLIENTS = List.of(16, 32, 64);
    private static final Pattern RATE = Pattern.compile("^tps = ([0-9.]+)", Pattern.MULTILINE);

    /** The program, if this machine has it: on the PATH, or where Debian's packages put it. */
    static Optional<Path> find() throws IOException {
        List<Path> places = new ArrayList<>(
                Stream.of(System.getenv("PATH").split(":")).map(Path::of).toList());
        Path packaged = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(packaged)) {
            try (var versions = Files.list(packaged)) {
                versions.map(version -> version.resolve("bin")).forEach(places::add);
            }
        }
        return places.stream()
                .map(place -> place.resolve("pgbench"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Transactions a second, by as many clients as make the most of it. */
    Reference best(String script, Duration length) throws IOException {
        double best = 0;
        for (int clients : CLIENTS) {
            best = Math.max(best, rate(run(script, clients, length)));
        }
        return new Reference("pgbench, same rows, best of 16, 32, 64 clients", best);
    }

    private static double rate(String said) throws IOException {
        Matcher rate = RATE.matcher(said);
        if (!rate.find()) {
            throw new IOException("pgbench says no rate:\n" + said);
        }
        return Double.parseDouble(rate.group(1));
    }

    /** How long each of one client's transactions takes, nanoseconds. */
    Histogram alone(String script, Duration length) throws IOException {
        Path log = folder.resolve("pgbench");
        String said = run(script, 1, length, "--log", "--log-prefix=" + log);
        try (var files = Files.list(folder)) {
            var all = new Histogram(3);
            for (Path each :
                    files.filter(file -> file.toString().startsWith(log + ".")).toList()) {
                all.add(logged(each));
                Files.delete(each);
            }
            if (all.getTotalCount() == 0) {
                throw new IOException("pgbench has logged nothing:\n" + said);
            }
            return all;
        }
    }

    /** What pgbench has logged: a line for each transaction, the third column how long it took, microseconds. */
    static Histogram logged(Path log) throws IOException {
        var all = new Histogram(3);
        try (var lines = Files.lines(log)) {
            lines.forEach(line -> all.recordValue(1_000 * Long.parseLong(line.split(" ")[2])));
        }
        return all;
    }

    private String run(String script, int clients, Duration length, String... options) throws IOException {
        Path file = Files.createTempFile(folder, "pgbench", ".sql");
        try (InputStream packed = Pgbench.class.getResourceAsStream(script)) {
            Files.write(file, packed.readAllBytes());
        }
        URI server = URI.create(database.jdbc().substring("jdbc:".length()));
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--no-vacuum",
                "--protocol=prepared",
                "--jobs=" + Math.min(2, clients),
                "--client=" + clients,
                "--time=" + Math.max(1, length.toSeconds()),
                "--define=chats=" + CHATS,
                "--file=" + file,
                "--host=" + server.getHost(),
                "--port=" + server.getPort(),
                "--username=" + database.user()));
        command.addAll(List.of(options));
        command.add(database.database());
        ProcessBuilder pgbench = new ProcessBuilder(command).redirectErrorStream(true);
        pgbench.environment().put("PGPASSWORD", database.password());
        Process running = pgbench.start();
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Files.delete(file);
        return said;
    }
}
