package dev.natter.servers;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * A real PostgreSQL on 127.0.0.1, from the binaries on the class path. {@link #durable} is what the launcher runs: data
 * on disk that survives every kind of stop. {@link #temporary} is what tests run: fast, unsafe, gone when closed.
 *
 * <p>Its folder is locked by this JVM; what a killed JVM left running on it is stopped before the start. Thread-safe.
 */
public final class PostgresServer implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final List<String> FAST = List.of(
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "shared_buffers=64MB",
            "max_connections=400");
    /**
     * New tables are planned for as empty until they are first analysed: a minute is long for who grows that fast. For
     * so often, 3,000 rows of a table have to do and not 30,000: our statements leave the planner little to choose.
     */
    private static final List<String> SAFE = List.of(
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "max_connections=200",
            "autovacuum_naptime=10s",
            "default_statistics_target=10");

    private static final long LEAST_BUFFERS = 128L << 20;
    private static final long MOST_BUFFERS = 2L << 30;

    private final Home home;
    private final int port;
    private final String password;
    private final Child child;

    private PostgresServer(Home home, int port, List<String> settings) {
        this.home = home;
        this.port = port == 0 ? freePort() : port;
        Unprivileged user = Unprivileged.here();
        PostgresData data = new PostgresData(home, user, Unpacked.postgres(user.cache()));
        data.prepare(this.port, settings);
        this.password = data.password();
        String program = data.binaries().resolve("bin/postgres").toString();
        this.child = new Child(new Child.Recipe(
                "PostgreSQL",
                user.command(program, "-D", data.folder().toString()),
                home.path().resolve("postgres.log"),
                "INT",
                this::answers));
    }

    /**
     * Starts a server whose data is kept.
     *
     * @param folder its home: data, log, lock and the password that was drawn for it
     * @param port its port; 0 lets the system choose
     * @return the running server
     * @throws ServerFailure if another JVM runs one there, or it can't start
     */
    public static PostgresServer durable(Path folder, int port) {
        Home home = Home.take(folder, "PostgreSQL");
        List<String> settings = new ArrayList<>(SAFE);
        settings.add("shared_buffers=" + (buffers() >> 10) + "kB");
        return started(home, port, settings);
    }

    /**
     * An eighth of what memory this machine or container has, taken from the system only as data come to fill it. A
     * page of a chat's history lies on fifty of the table's; each that isn't in PostgreSQL's own memory costs a copy.
     */
    private static long buffers() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return Math.clamp(system.getTotalMemorySize() / 8, LEAST_BUFFERS, MOST_BUFFERS);
    }

    /**
     * Starts a server for tests, in a folder that is deleted when it is closed.
     *
     * @return the running server
     */
    public static PostgresServer temporary() {
        PostgresServer server = started(Home.temporary("natter-postgres-", PostgresServer::stopOrphan), 0, FAST);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
    }

    private static PostgresServer started(Home home, int port, List<String> settings) {
        try {
            stopOrphan(home);
            PostgresServer server = new PostgresServer(home, port, settings);
            server.start();
            return server;
        } catch (RuntimeException failure) {
            home.close();
            throw failure;
        }
    }

    /** With the lock held nobody of ours can still want a server that runs here. */
    private static void stopOrphan(Home home) {
        Path pidFile = home.path().resolve("data/postmaster.pid");
        try {
            if (!Files.exists(pidFile)) {
                return;
            }
            long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().trim());
            ProcessHandle.of(pid)
                    .filter(process -> runs(process, home.path()))
                    .ifPresent(process -> Processes.end(process, "INT"));
            // A pid that now belongs to somebody else would make PostgreSQL believe that it is running.
            Files.deleteIfExists(pidFile);
        } catch (IOException | NumberFormatException unreadable) {
            throw new ServerFailure("Can't read " + pidFile + ": " + unreadable.getMessage(), unreadable);
        }
    }

    private static boolean runs(ProcessHandle process, Path folder) {
        return process.info()
                .commandLine()
                .filter(line -> line.contains("postgres") && line.contains(folder.toString()))
                .isPresent();
    }

    private boolean answers() {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(2);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", PostgresData.USER);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "3");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
    }

    /** Starts it again after {@link #stop} or {@link #crash}, on the same port; returns when it answers. */
    public void start() {
        child.start(START);
    }

    /** Stops it cleanly, cutting off whoever is connected. */
    public void stop() {
        child.stop();
    }

    /** Kills it as a power cut would. */
    public void crash() {
        child.crash();
    }

    /** Freezes it with all its connections, as a machine that hangs. */
    public void pause() {
        child.pause();
    }

    /** Lets it go on after {@link #pause}. */
    public void resume() {
        child.resume();
    }

    /** From now on, starts it again whenever it dies. */
    public void keep() {
        child.keep();
    }

    /**
     * Whether its process runs.
     *
     * @return whether it does
     */
    public boolean alive() {
        return child.alive();
    }

    /**
     * Its process.
     *
     * @return the id
     */
    public long pid() {
        return child.pid();
    }

    /**
     * Where it listens.
     *
     * @return the port
     */
    public int port() {
        return port;
    }

    /**
     * A database's address, credentials included, as {@code DATABASE_URL} wants it.
     *
     * @param database the database
     * @return the address
     */
    public String url(String database) {
        return "postgresql://" + PostgresData.USER + ":" + password + "@127.0.0.1:" + port + "/" + database;
    }

    /**
     * The same, of a server that runs on a folder, whoever started it.
     *
     * @param folder its home, as given to {@link #durable}
     * @param database the database
     * @return the address
     * @throws ServerFailure if none has ever run there
     */
    public static String url(Path folder, String database) {
        try {
            String password = Files.readString(folder.resolve("password")).trim();
            String port = Files.readAllLines(folder.resolve("data/natter.conf")).stream()
                    .filter(line -> line.startsWith("port="))
                    .findFirst()
                    .orElseThrow(() -> new ServerFailure("No port is set in " + folder));
            return "postgresql://" + PostgresData.USER + ":" + password + "@127.0.0.1:"
                    + port.substring("port=".length()) + "/" + database;
        } catch (IOException absent) {
            throw new ServerFailure("There is no PostgreSQL in " + folder, absent);
        }
    }

    /**
     * Makes a database unless it exists.
     *
     * @param name its name: letters, digits, underscores
     */
    public void createDatabase(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("Not a database name: " + name);
        }
        try (Connection connection = connect("postgres");
                var exists = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
            exists.setString(1, name);
            if (!exists.executeQuery().next()) {
                connection.createStatement().execute("CREATE DATABASE " + name);
            }
        } catch (SQLException failure) {
            throw new ServerFailure("Database " + name + " can't be made: " + failure.getMessage(), failure);
        }
    }

    /**
     * Drops a database, cutting off whoever is connected.
     *
     * @param name its name
     */
    public void dropDatabase(String name) {
        try (Connection connection = connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        } catch (SQLException failure) {
            throw new ServerFailure("Database " + name + " can't be dropped: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        child.close();
        home.close();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
