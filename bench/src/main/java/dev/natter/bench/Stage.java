package dev.natter.bench;

import dev.natter.platform.db.DatabaseUrl;
import dev.natter.servers.NatsServer;
import dev.natter.servers.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An installation as {@code ./natter up} starts it, in a process of its own, on a durable PostgreSQL and a durable NATS
 * that the bench holds, so that it can ask the same database directly. Its data stay, and the next stage on the same
 * folder has them.
 */
final class Stage implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("API +(http\\S+)/api");
    private static final String PORT = "SERVER_PORT=";
    private static final long PATIENCE_SECONDS = 60;

    /** These three are null where the installation is somebody else's. */
    private final PostgresServer postgres;

    private final NatsServer nats;
    private final Process launcher;
    private final URI base;

    private Stage(PostgresServer postgres, NatsServer nats, Process launcher, URI base) {
        this.postgres = postgres;
        this.nats = nats;
        this.launcher = launcher;
        this.base = base;
    }

    /**
     * Starts one; returns when it answers. If the ground names one that runs already, it is that one, as it is.
     *
     * @param ground where its data are, and whose {@code natter}
     * @param settings variables as in {@code ACCESS_TOKEN_EXPIRE_MINUTES}; limits that only protect from people are off
     * @param options of {@code natter up}, as in {@code --separate}
     */
    static Stage start(Ground ground, Map<String, String> settings, String... options) throws IOException {
        if (ground.given() != null) {
            return new Stage(null, null, null, ground.given());
        }
        PostgresServer postgres = PostgresServer.durable(ground.folder().resolve("postgres"), 0);
        NatsServer nats = null;
        try {
            nats = NatsServer.durable(ground.folder().resolve("nats"), 0);
            var environment = new HashMap<>(Map.of(
                    "DATABASE_URL", postgres.url("postgres"),
                    "NATS_URL", nats.url(),
                    "ACCESS_TOKEN_EXPIRE_MINUTES", "1440",
                    "RATE_LIMIT_USER_REQUESTS", "0",
                    "RATE_LIMIT_ADDRESS_REQUESTS", "0"));
            environment.putAll(settings);
            Process launcher = launch(ground, environment, options);
            return new Stage(postgres, nats, launcher, address(launcher));
        } catch (IOException | RuntimeException failure) {
            if (nats != null) {
                nats.close();
            }
            postgres.close();
            throw failure;
        }
    }

    private static Process launch(Ground ground, Map<String, String> environment, String... options)
            throws IOException {
        Files.createDirectories(ground.folder());
        List<String> command = new ArrayList<>(List.of(
                ground.root().resolve("natter").toString(),
                "up",
                "--port",
                "0",
                "--home",
                ground.folder().resolve("home").toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** What the launcher says when it is up; what it says afterwards is passed on. */
    private static URI address(Process launcher) throws IOException {
        BufferedReader said = launcher.inputReader(StandardCharsets.UTF_8);
        var before = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            before.append(line).append('\n');
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                Thread.ofVirtual()
                        .start(() -> said.lines().filter(Stage::isWorthTelling).forEach(System.err::println));
                return URI.create(address.group(1));
            }
        }
        throw new IOException("natter up didn't start:\n" + before);
    }

    private static boolean isWorthTelling(String line) {
        return line.contains("WARN") || line.contains("ERROR") || line.contains("SEVERE");
    }

    /** Where clients go. */
    URI base() {
        return base;
    }

    /** Whether its servers and processes are at hand too. */
    boolean isOwn() {
        return launcher != null;
    }

    private void demandOwn() throws IOException {
        if (!isOwn()) {
            throw new IOException(
                    "This scenario looks into the installation's servers and processes: without --url it starts its own");
        }
    }

    /** The database server, for whom nothing is forbidden. */
    DatabaseUrl database() throws IOException {
        return DatabaseUrl.parse(postgres().url("postgres"));
    }

    /** Has PostgreSQL look at what the busiest tables hold by now, as it does by itself a little later. */
    void analyse() throws IOException {
        if (!isOwn()) {
            return;
        }
        for (String service : List.of("message", "chat")) {
            DatabaseUrl url = DatabaseUrl.parse(postgres.url("natter_" + service));
            try (var connection = DriverManager.getConnection(url.jdbc(), url.user(), url.password());
                    var statement = connection.createStatement()) {
                statement.execute("ANALYZE");
            } catch (SQLException failure) {
                throw new IOException(failure);
            }
        }
    }

    PostgresServer postgres() throws IOException {
        demandOwn();
        return postgres;
    }

    NatsServer nats() throws IOException {
        demandOwn();
        return nats;
    }

    /**
     * A process of the installation.
     *
     * @param name a module's, as in {@code realtime-gateway}, where each has a process of its own
     * @return its id; all in one process, that one's
     */
    long pid(String name) throws IOException {
        demandOwn();
        return launcher.descendants()
                .filter(process -> process.info().commandLine().orElse("").contains(name))
                .findFirst()
                .map(ProcessHandle::pid)
                .orElse(launcher.pid());
    }

    /**
     * Where a process of the installation listens itself, past the API gateway.
     *
     * @param name a module's, each of which has a process of its own
     * @throws IOException if this isn't Linux
     */
    URI address(String name) throws IOException {
        String environment = Files.readString(Path.of("/proc", Long.toString(pid(name)), "environ"));
        return Stream.of(environment.split("\0"))
                .filter(variable -> variable.startsWith(PORT))
                .map(variable -> URI.create("http://127.0.0.1:" + variable.substring(PORT.length())))
                .findFirst()
                .orElseThrow(() -> new IOException(name + " has no process of its own"));
    }

    /** Stops it, unless it is somebody else's; what it has stored stays. */
    @Override
    public void close() {
        if (!isOwn()) {
            return;
        }
        // Through the handle: Process.destroy would close the stream that is still being read.
        launcher.toHandle().destroy();
        try {
            if (!launcher.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                launcher.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            launcher.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        nats.close();
        postgres.close();
    }
}
