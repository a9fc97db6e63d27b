package dev.natter.local;

import dev.natter.platform.db.DatabaseUrl;
import dev.natter.servers.NatsServer;
import dev.natter.servers.PostgresServer;
import dev.natter.servers.ServerFailure;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/** All of Natter, running on this machine: its servers and its five services. Thread-safe. */
public final class Natter implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Natter.class.getName());

    private final Options options;
    private final Map<Part, URI> internal = new EnumMap<>(Part.class);
    /** What runs, latest first: the order of stopping. */
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private URI base;
    private PostgresServer postgres;
    private NatsServer nats;
    private Wiring wiring;
    private Arrangement arrangement;

    private Natter(Options options) {
        this.options = options;
    }

    /**
     * Starts everything; returns when requests are answered.
     *
     * @param options how
     * @return what runs
     * @throws StartFailure with one clear line, if it can't start; nothing is left running then
     */
    public static Natter start(Options options) {
        return start(Hold.take(options.home()), options);
    }

    static Natter start(Hold hold, Options options) {
        Natter natter = new Natter(options);
        natter.running(hold);
        try {
            natter.begin();
            return natter;
        } catch (StartFailure failure) {
            natter.close();
            throw failure;
        } catch (ServerFailure | IllegalArgumentException failure) {
            natter.close();
            throw new StartFailure(failure.getMessage(), failure);
        } catch (RuntimeException failure) {
            natter.close();
            throw failure;
        }
    }

    private synchronized void begin() {
        if (options.separate()) {
            Nginx.program();
            for (Part part : Part.values()) {
                Repository.jar(part);
            }
        }
        Secrets secrets = Secrets.in(options.home());
        int port = Ports.open(options.host(), options.port());
        reserveInternal();
        DatabaseUrl server = DatabaseUrl.parse(databaseServer());
        String natsUrl = natsServer();
        Map<Part, DatabaseUrl> databases = Databases.on(server).ready(secrets);
        String given = options.setting("secret.key");
        String secret = given == null ? secrets.get("secret.key") : given;
        wiring = new Wiring(options.home(), options.settings(), secret, natsUrl, databases, internal);
        arrangement = running(
                options.separate()
                        ? Separate.start(wiring, options, port)
                        : Together.start(
                                wiring, options, port, internal.get(Part.AUTH).getPort()));
        base = URI.create("http://" + (options.host().equals("0.0.0.0") ? "localhost" : options.host()) + ":" + port);
    }

    /** Ports are told to everyone before anyone listens, since everyone needs them from the start. */
    private void reserveInternal() {
        int shared = options.separate() ? 0 : Ports.internal(options.internalPort());
        int wanted = options.internalPort();
        for (Part part : Part.values()) {
            int port = options.separate() ? Ports.internal(wanted == 0 ? 0 : wanted + 20 + part.ordinal()) : shared;
            internal.put(part, URI.create("http://127.0.0.1:" + port));
        }
    }

    private String databaseServer() {
        String given = options.setting("database.url");
        if (given != null) {
            return given;
        }
        postgres = running(PostgresServer.durable(options.home().resolve("postgres"), 0));
        postgres.keep();
        return postgres.url("postgres");
    }

    private String natsServer() {
        String given = options.setting("nats.url");
        if (given != null) {
            return given;
        }
        nats = running(NatsServer.durable(options.home().resolve("nats"), 0));
        nats.keep();
        return nats.url();
    }

    private <T extends AutoCloseable> T running(T started) {
        running.push(started);
        return started;
    }

    /**
     * Where clients go.
     *
     * @return as in {@code http://127.0.0.1:8000}
     */
    public URI baseUri() {
        return base;
    }

    /** What its services are told. */
    Wiring wiring() {
        return wiring;
    }

    /**
     * A service's internal listener; in one process it is the same for all.
     *
     * @param service as in {@code message}
     * @return its address
     */
    public URI internalUri(String service) {
        return internal.get(Part.of(service));
    }

    /**
     * Kills a process as {@code kill -9} does; it is started again soon.
     *
     * @param process {@code postgres} or {@code nats}; of five processes also {@code auth}, {@code chat},
     *     {@code message}, {@code media}, {@code realtime}, {@code nginx}
     */
    public void crash(String process) {
        switch (process) {
            case "postgres" -> postgres.crash();
            case "nats" -> nats.crash();
            default -> arrangement.crash(process);
        }
    }

    /** Stops everything in order; returns when all of it has ended. Calling it again does nothing. */
    @Override
    public synchronized void close() {
        while (!running.isEmpty()) {
            AutoCloseable next = running.pop();
            try {
                next.close();
            } catch (Exception failure) {
                LOG.log(Level.WARNING, next.getClass().getSimpleName() + " did not stop cleanly", failure);
            }
        }
    }
}
