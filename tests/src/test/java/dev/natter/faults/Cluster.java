package dev.natter.faults;

import dev.natter.local.Alone;
import dev.natter.local.Hold;
import dev.natter.local.Part;
import dev.natter.servers.Child;
import dev.natter.servers.NatsServer;
import dev.natter.servers.PostgresServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * All of Natter as real processes: a durable PostgreSQL, a durable NATS, the services in one process or in five, and a
 * second gateway. Each process that dies is started again. Thread-safe once started.
 */
final class Cluster implements Doors, AutoCloseable {
    private static final String ONE = "natter";
    private static final String SECOND_GATEWAY = "realtime-gateway-2";

    private final Shape shape;
    private final Path home;
    private final SplittableRandom random;
    private final Hold hold;
    private final String secret = UUID.randomUUID() + "." + UUID.randomUUID();
    private final Map<Part, URI> open = new HashMap<>();
    private final Map<Part, URI> internal = new HashMap<>();
    private final Map<String, Unit> units = new LinkedHashMap<>();
    private final Map<String, Mischief> mischiefs = new LinkedHashMap<>();
    private PostgresServer postgres;
    private NatsServer nats;

    private Cluster(Shape shape, Path home, SplittableRandom random) {
        this.shape = shape;
        this.home = home.toAbsolutePath();
        this.random = random;
        this.hold = Hold.take(this.home);
    }

    /** Starts everything; returns when all of it is ready. */
    static Cluster start(Shape shape, Path home, SplittableRandom random) {
        Cluster cluster = new Cluster(shape, home, random);
        try {
            cluster.begin();
            return cluster;
        } catch (RuntimeException failure) {
            cluster.close();
            throw failure;
        }
    }

    private void begin() {
        postgres = PostgresServer.durable(home.resolve("postgres"), FreePorts.next());
        nats = NatsServer.durable(home.resolve("nats"), FreePorts.next());
        postgres.keep();
        nats.keep();
        place();
        switch (shape) {
            case TOGETHER -> add(together());
            case SEPARATE -> {
                for (Part part : Part.values()) {
                    add(alone(part.module(), part, open.get(part), internal.get(part)));
                }
            }
        }
        add(alone(SECOND_GATEWAY, Part.REALTIME, address(), address()));
        // The first alone: in one process it makes the databases that the second gateway's peers need.
        inParallel(List.copyOf(units.values()), Unit::start);
    }

    private void place() {
        URI oneOpen = address();
        URI oneInternal = address();
        for (Part part : Part.values()) {
            open.put(part, shape == Shape.TOGETHER ? oneOpen : address());
            internal.put(part, shape == Shape.TOGETHER ? oneInternal : address());
        }
    }

    private static URI address() {
        return URI.create("http://127.0.0.1:" + FreePorts.next());
    }

    private void add(Unit unit) {
        units.put(unit.name(), unit);
    }

    /** A service in a process of its own. */
    private Unit alone(String name, Part part, URI at, URI internalAt) {
        Link toNats = natsLink(name, part == Part.REALTIME);
        Link toDatabase = part.stored() ? new Link(name + "-postgres", postgres.port(), null) : null;
        Map<String, String> settings = settings();
        settings.put("nats.url", through(nats.url(), nats.port(), toNats));
        settings.put("secret.key", secret);
        settings.put("token.jwks.url", internal.get(Part.AUTH) + "/.well-known/jwks.json");
        internal.forEach((neighbour, address) -> settings.put(neighbour.key() + ".url", address.toString()));
        settings.put("media.root", home.resolve("files").toString());
        settings.put("server.host", "127.0.0.1");
        settings.put("server.port", "" + at.getPort());
        settings.put("internal.host", "127.0.0.1");
        settings.put("internal.port", "" + internalAt.getPort());
        if (toDatabase != null) {
            String database = "natter_" + part.key();
            postgres.createDatabase(database);
            settings.put("database.url", through(postgres.url(database), postgres.port(), toDatabase));
        }
        return new Unit(name, new Alone(part, home, settings).child(name), toNats, toDatabase, at, internalAt);
    }

    /** All five in one process: the launcher, as the script starts it, with servers that it is told of. */
    private Unit together() {
        Link toNats = natsLink(ONE, true);
        Link toDatabase = new Link(ONE + "-postgres", postgres.port(), null);
        Map<String, String> environment = new HashMap<>();
        settings().forEach((key, value) -> environment.put(variable(key), value));
        environment.put("NATS_URL", through(nats.url(), nats.port(), toNats));
        environment.put("DATABASE_URL", through(postgres.url("natter"), postgres.port(), toDatabase));
        environment.put("SECRET_KEY", secret);
        environment.put("NATTER_INTERNAL_PORT", "" + internal.get(Part.AUTH).getPort());
        URI at = open.get(Part.AUTH);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Hold.mark(home),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Djdk.pollerMode=1",
                "-Xms64m",
                "-Xmx768m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dnatter.root=" + Path.of("..").toAbsolutePath().normalize(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.natter.local.Main",
                "--verbose",
                "--port",
                "" + at.getPort(),
                "--home",
                home.resolve(ONE).toString());
        Path log = home.resolve("logs").resolve(ONE + ".log");
        Unit[] unit = new Unit[1];
        Child child = new Child(
                new Child.Recipe(ONE, command, log, "TERM", environment, () -> Alone.ready(unit[0].internal())));
        unit[0] = new Unit(ONE, child, toNats, toDatabase, at, internal.get(Part.AUTH));
        return unit[0];
    }

    /** Small bounds, so that they are met within minutes. */
    private static Map<String, String> settings() {
        return new HashMap<>(Map.of(
                "access.token.expire.minutes", "600",
                "rate.limit.user.requests", "100000",
                "rate.limit.address.requests", "100000",
                "socket.queue.bytes", "65536",
                "room.linger", "PT2S",
                "replay.changes", "60"));
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private Link natsLink(String name, boolean gateway) {
        Mischief mischief = gateway ? new Mischief(random.split()) : null;
        if (gateway) {
            mischiefs.put(name, mischief);
        }
        return new Link(name + "-nats", nats.port(), mischief);
    }

    private static String through(String url, int port, Link link) {
        return url.replace(":" + port, ":" + link.port());
    }

    Shape shape() {
        return shape;
    }

    /** A process of ours by its name. */
    Unit unit(String name) {
        return units.get(name);
    }

    /** The process that a service runs in. */
    Unit unitOf(Part part) {
        return units.get(shape == Shape.TOGETHER ? ONE : part.module());
    }

    List<Unit> units() {
        return List.copyOf(units.values());
    }

    Mischief mischief(String gateway) {
        return mischiefs.get(gateway);
    }

    PostgresServer postgres() {
        return postgres;
    }

    NatsServer nats() {
        return nats;
    }

    @Override
    public URI open(Part part) {
        return open.get(part);
    }

    @Override
    public List<URI> gateways() {
        return List.of(open.get(Part.REALTIME), units.get(SECOND_GATEWAY).open());
    }

    /** Waits until everything is ready. */
    void awaitReady(Duration patience) {
        Wait.until("all processes to be ready", patience, () -> units().stream().allMatch(Unit::ready));
    }

    /** Keeps what all processes are doing beside their logs. */
    void dump() {
        units().forEach(unit -> unit.dump(home.resolve("logs")));
    }

    private static void inParallel(List<Unit> some, java.util.function.Consumer<Unit> action) {
        try (var threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            CompletableFuture.allOf(some.stream()
                            .map(unit -> CompletableFuture.runAsync(() -> action.accept(unit), threads))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        }
    }

    @Override
    public void close() {
        inParallel(new ArrayList<>(units.values()), Unit::close);
        if (nats != null) {
            nats.close();
        }
        if (postgres != null) {
            postgres.close();
        }
        hold.close();
    }
}
