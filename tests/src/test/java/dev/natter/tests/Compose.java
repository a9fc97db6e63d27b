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
import java.util.regex.Pattern;

/**
 * All of Natter as {@code deploy/compose.yaml} has it, on the Docker engine at hand, with images that are there already
 * ({@code deploy/docker/build}). A project, networks and secrets of its own. Thread-safe.
 */
public final class Compose implements Installation {
    private static final Path DEPLOY = Path.of("../deploy").toAbsolutePath().normalize();
    private static final int FIRST_ADDRESS = 11;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static Compose shared;

    private final String project;
    private final String network;
    private final Map<String, String> more;
    private final Path secrets;
    private final int port = freePort();
    private final Docker docker;

    /**
     * Doesn't start it.
     *
     * @param folder where its secrets lie; its containers, networks and volumes are called by it
     * @param network the first three parts of its addresses
     * @param more variables, as an operator would set them
     */
    Compose(String folder, String network, Map<String, String> more) {
        this.project = "natter-test-" + folder;
        this.network = network;
        this.more = Map.copyOf(more);
        this.secrets = Arrangement.emptyFolder(folder).toAbsolutePath().resolve("secrets");
        this.docker = Docker.in(DEPLOY, environment("latest"));
    }

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
            Compose fresh = new Compose("compose", "10.213.8", Map.of());
            Runtime.getRuntime().addShutdownHook(new Thread(fresh::close, "compose-down"));
            fresh.start();
            shared = fresh;
        }
        return shared;
    }

    /** Starts all of it anew, and returns when it is ready. */
    void start() {
        watch("down", "-v", "--remove-orphans");
        docker.run(List.of(DEPLOY.resolve("secrets").toString()), secrets.toString());
        docker.compose("up", "-d", "--no-build");
        awaitReady();
    }

    private Map<String, String> environment(String version) {
        int processors = Math.min(2, Runtime.getRuntime().availableProcessors());
        Map<String, String> environment = new HashMap<>(Map.of(
                "COMPOSE_PROJECT_NAME",
                project,
                "NATTER_VERSION",
                version,
                "NATTER_PORT",
                "" + port,
                "NATTER_SUBNET",
                network,
                "NATTER_CPUS",
                "" + processors,
                "NATTER_SECRETS",
                secrets.toString()));
        environment.putAll(more);
        return environment;
    }

    @Override
    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public URI internalUri(String service) {
        int part = Part.valueOf(service.toUpperCase(Locale.ROOT)).ordinal();
        return URI.create("http://" + network + "." + (FIRST_ADDRESS + part) + ":9090");
    }

    @Override
    public String natsUrl() {
        return natsUrl("nats");
    }

    /** Where one of several NATS servers is. */
    String natsUrl(String server) {
        String address = inspect(server, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");
        return "nats://natter:" + secret("nats_password") + "@" + address + ":4222";
    }

    private String secret(String name) {
        try {
            return Files.readString(secrets.resolve(name));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** All containers that there are. */
    List<Container> containers() {
        return Container.of(docker, project);
    }

    /** What a compose command prints; fails if the command does. */
    String run(String... command) {
        return docker.compose(command);
    }

    /** The same of what watches Natter, which doesn't run unless it is asked for. */
    String watch(String... command) {
        String[] all = new String[command.length + 2];
        all[0] = "--profile";
        all[1] = "monitoring";
        System.arraycopy(command, 0, all, 2, command.length);
        return docker.compose(all);
    }

    /** The image of what watches Natter. */
    String image(String service) {
        return Pattern.compile("(?m)^  " + service + ":\n(?:    .*\n)*?    image: (.*)$")
                .matcher(watch("config"))
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
    }

    /** Whether an image is on this machine. */
    boolean isAtHand(String image) {
        return docker.succeeds(List.of("docker"), "image", "inspect", image);
    }

    /** What a container has said lately. */
    String log(String service) {
        return docker.docker("logs", "--since", "1m", container(service));
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

    /** The engine is asked, since compose 1.29 takes most of a second for it. */
    private String container(String service) {
        return docker.docker(
                "ps",
                "-aq",
                "--filter",
                "label=com.docker.compose.project=" + project,
                "--filter",
                "label=com.docker.compose.service=" + service,
                "--filter",
                "label=com.docker.compose.oneoff=False");
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
        Docker.in(DEPLOY, environment(version)).compose("up", "-d", "--no-build", "--no-deps", part.module());
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
    void awaitReady() {
        await().atMost(PATIENCE)
                .until(() -> Arrays.stream(Part.values()).allMatch(part -> Alone.ready(internalUri(part.key()))));
    }

    @Override
    public void close() {
        try {
            down();
        } catch (IllegalStateException refused) {
            // The engine was seen to count a container to a network when all were gone, and then keeps the network.
            docker.emptyNetworks(project);
            down();
        }
    }

    private void down() {
        watch("down", "-v", "-t", "0");
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}
