package dev.natter.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A real {@code nats-server} on 127.0.0.1 with JetStream on disk: found on this machine, or fetched. Its folder is
 * locked by this JVM; what a killed JVM left running on it is stopped before the start. Thread-safe.
 */
public final class NatsServer implements AutoCloseable {
    private static final String USER = "natter";
    private static final Duration START = Duration.ofSeconds(30);

    private final Home home;
    private final int port;
    private final String password;
    private final Child child;

    private NatsServer(Home home, int port) {
        this.home = home;
        this.port = port == 0 ? PostgresServer.freePort() : port;
        this.password = draw();
        this.child = install();
    }

    /**
     * Starts a server whose streams are kept.
     *
     * @param folder its home: streams, log, configuration and lock
     * @param port its port; 0 lets the system choose
     * @return the running server
     * @throws ServerFailure if another JVM runs one there, or it can't be found or started
     */
    public static NatsServer durable(Path folder, int port) {
        return started(Home.take(folder, "NATS"), port);
    }

    /**
     * Starts a server for tests, in a folder that is deleted when it is closed.
     *
     * @return the running server
     */
    public static NatsServer temporary() {
        NatsServer server = started(Home.temporary("natter-nats-", NatsServer::stopOrphan), 0);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
    }

    private static NatsServer started(Home home, int port) {
        try {
            stopOrphan(home);
            NatsServer server = new NatsServer(home, port);
            server.start();
            return server;
        } catch (RuntimeException failure) {
            home.close();
            throw failure;
        }
    }

    private Child install() {
        Path configuration = home.path().resolve("nats.conf");
        try {
            Files.deleteIfExists(configuration);
            Files.createFile(
                    configuration, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(configuration, configuration());
        } catch (IOException failure) {
            throw new ServerFailure("Can't write " + configuration + ": " + failure.getMessage(), failure);
        }
        return new Child(new Child.Recipe(
                "nats-server",
                List.of(NatsBinary.find().toString(), "-c", configuration.toString()),
                home.path().resolve("nats.log"),
                "TERM",
                Map.of("GOMAXPROCS", String.valueOf(processors())),
                this::answers));
    }

    /** Half of the machine's: threads of Go that look for work would take the others' from Natter and PostgreSQL. */
    private static int processors() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    private String configuration() {
        return """
                host: "127.0.0.1"
                port: %d
                server_name: "natter-%d"
                pid_file: "%s"
                max_payload: 1MB
                write_deadline: "5s"
                authorization { user: "%s", password: "%s" }
                jetstream { store_dir: "%s", max_memory_store: 64MB, max_file_store: 16GB }
                """.formatted(
                        port,
                        port,
                        home.path().resolve("nats.pid"),
                        USER,
                        password,
                        home.path().resolve("jetstream"));
    }

    private static String draw() {
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** With the lock held nobody of ours can still want a server that runs here. */
    private static void stopOrphan(Home home) {
        Path pidFile = home.path().resolve("nats.pid");
        try {
            if (!Files.exists(pidFile)) {
                return;
            }
            String pid = Files.readString(pidFile).trim();
            if (!pid.isEmpty()) {
                ProcessHandle.of(Long.parseLong(pid))
                        .filter(process -> runs(process, home.path()))
                        .ifPresent(process -> Processes.end(process, "TERM"));
            }
            Files.deleteIfExists(pidFile);
        } catch (IOException | NumberFormatException unreadable) {
            throw new ServerFailure("Can't read " + pidFile + ": " + unreadable.getMessage(), unreadable);
        }
    }

    private static boolean runs(ProcessHandle process, Path folder) {
        return process.info()
                .commandLine()
                .filter(line -> line.contains("nats-server") && line.contains(folder.toString()))
                .isPresent();
    }

    /** A NATS server speaks first; it does so before JetStream has recovered, which clients wait for by themselves. */
    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(2000);
            byte[] hello = socket.getInputStream().readNBytes(4);
            return new String(hello, StandardCharsets.US_ASCII).equals("INFO");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Starts it again after {@link #stop} or {@link #crash}, on the same port; returns when it answers. */
    public void start() {
        child.start(START);
    }

    /** Stops it cleanly. */
    public void stop() {
        child.stop();
    }

    /** Kills it at once. */
    public void crash() {
        child.crash();
    }

    /** Freezes it, as a machine that hangs. */
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
     * Its address, credentials included, as {@code NATS_URL} wants it.
     *
     * @return the address
     */
    public String url() {
        return "nats://" + USER + ":" + password + "@127.0.0.1:" + port;
    }

    /**
     * Where its streams are.
     *
     * @return the folder
     */
    public Path store() {
        return home.path().resolve("jetstream");
    }

    @Override
    public void close() {
        child.close();
        home.close();
    }
}
