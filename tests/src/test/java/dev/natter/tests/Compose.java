package dev.natter.tests;

import static org.awaitility.Awaitility.await;

import dev.natter.local.Alone;
import dev.natter.local.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All of Natter as {@code deploy/compose.yaml} has it, on the Docker engine at hand, with images that are there already
 * ({@code deploy/docker/build}). A project, a network and secrets of its own. Thread-safe.
 */
public final class Compose implements Installation {
    private static final Path DEPLOY = Path.of("../deploy").toAbsolutePath().normalize();
    private static final String PROJECT = "natter-test";
    private static final String NETWORK = "10.213.8";
    private static final int FIRST_ADDRESS = 11;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static Compose shared;

    private final Path secrets =
            Arrangement.emptyFolder("compose").toAbsolutePath().resolve("secrets");
    private final int port = freePort();
    private final Docker docker = new Docker(DEPLOY, environment("latest"));

    private Compose() {}

    /**
     * Whether this run is about images.
     *
     * @return whether it is
     */
    public static boolean isWanted() {
        return Boolean.getBoolean("natter.deploy");
    }

    /**
     * The one that all tests of a run share; started when first asked for, gone with this JVM.
     *
     * @return the installation, ready
     */
    public static synchronized Compose shared() {
        if (shared == null) {
            Compose fresh = new Compose();
            Runtime.getRuntime().addShutdownHook(new Thread(fresh::close, "compose-down"));
            fresh.start();
            shared = fresh;
        }
        return shared;
    }

    private void start() {
        docker.compose("down", "-v", "--remove-orphans");
        docker.run(List.of(DEPLOY.resolve("secrets").toString()), secrets.toString());
        docker.compose("up", "-d", "--no-build");
        awaitReady();
    }

    private Map<String, String> environment(String version) {
        int processors = Math.min(2, Runtime.getRuntime().availableProcessors());
        return new HashMap<>(Map.of(
                "COMPOSE_PROJECT_NAME",
                PROJECT,
                "NATTER_VERSION",
                version,
                "NATTER_PORT",
                "" + port,
                "NATTER_SUBNET",
                NETWORK,
                "NATTER_CPUS",
                "" + processors,
                "NATTER_SECRETS",
                secrets.toString()));
    }

    @Override
    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public URI internalUri(String service) {
        int part = Part.valueOf(service.toUpperCase(Locale.ROOT)).ordinal();
        return URI.create("http://" + NETWORK + "." + (FIRST_ADDRESS + part) + ":9090");
    }

    @Override
    public String natsUrl() {
        String address = inspect("nats", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");
        return "nats://natter:" + secret("nats_password") + "@" + address + ":4222";
    }

    private String secret(String name) {
        try {
            return Files.readString(secrets.resolve(name));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Something of a container, as {@code docker inspect} formats it. */
    String inspect(String service, String format) {
        return docker.docker("inspect", "-f", format, container(service));
    }

    /** What a command within a container prints. */
    String exec(String service, String... command) {
        String[] all = new String[command.length + 2];
        all[0] = "exec";
        all[1] = container(service);
        System.arraycopy(command, 0, all, 2, command.length);
        return docker.docker(all);
    }

    private String container(String service) {
        return docker.compose("ps", "-q", service);
    }

    @Override
    public void crash(String process) {
        String service = Arrays.stream(Part.values())
                .filter(part -> part.key().equals(process))
                .map(Part::module)
                .findFirst()
                .orElse(process);
        docker.docker("restart", "-t", "0", container(service));
    }

    /**
     * Stops a service as an operator does, and starts it again; returns when all are ready.
     *
     * @param part which
     */
    public void restart(Part part) {
        docker.compose("restart", part.module());
        awaitReady();
    }

    /** Stops a service; returns when it has ended. */
    void stop(Part part) {
        docker.compose("stop", part.module());
    }

    /** Starts it again; returns when all are ready. */
    void start(Part part) {
        docker.compose("start", part.module());
        awaitReady();
    }

    /**
     * Puts another version in the place of a service, as an operator does; returns when all are ready.
     *
     * @param part which
     * @param version the image's tag
     */
    public void replace(Part part, String version) {
        new Docker(DEPLOY, environment(version)).compose("up", "-d", "--no-build", "--no-deps", part.module());
        awaitReady();
    }

    /**
     * Asks a service's database.
     *
     * @param part whose
     * @param sql the question
     * @return the answer, as psql prints it without decoration
     */
    public String ask(Part part, String sql) {
        return exec("postgres", "psql", "-U", "postgres", "-d", "natter_" + part.key(), "-Atc", sql);
    }

    /**
     * Makes an image of what is in a folder.
     *
     * @param folder the folder, with a Dockerfile
     * @param image its name
     */
    public void build(Path folder, String image) {
        docker.docker("build", "-q", "-t", image, folder.toAbsolutePath().toString());
    }

    /** Waits until every service says so. */
    private void awaitReady() {
        await().atMost(PATIENCE)
                .until(() -> Arrays.stream(Part.values()).allMatch(part -> Alone.ready(internalUri(part.key()))));
    }

    @Override
    public void close() {
        docker.compose("down", "-v", "-t", "10");
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}
