package dev.natter.local;

import dev.natter.backup.Installation;
import dev.natter.backup.Store;
import dev.natter.backup.Streams;
import dev.natter.platform.db.DatabaseUrl;
import dev.natter.servers.PostgresServer;
import dev.natter.servers.ServerFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/** What lasts of a home: its databases, reachable as long as this is open, and its files. */
public final class Kept implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private Installation installation;

    private Kept() {}

    /**
     * What a home keeps, whether Natter runs on it or not: to be backed up.
     *
     * @param options which home; where its databases are, if not in it
     * @return what it keeps
     * @throws StartFailure if there is none
     */
    public static Kept in(Options options) {
        Path postgres = options.home().resolve("postgres");
        if (options.setting("database.url") == null && !Files.isDirectory(postgres)) {
            throw new StartFailure("There is no Natter in " + options.home());
        }
        return open(options, false);
    }

    /**
     * A home that nobody runs on: to be restored.
     *
     * @param options which home; made if need be. Where its databases and NATS are, if not in it
     * @return what it keeps
     * @throws StartFailure if Natter runs on it, or there are streams in it
     */
    public static Kept stopped(Options options) {
        if (Files.exists(options.home().resolve("nats"))) {
            throw new StartFailure(options.home() + " isn't new: move it away, or choose another with --home");
        }
        return open(options, true);
    }

    private static Kept open(Options options, boolean alone) {
        Kept kept = new Kept();
        try {
            kept.begin(options, alone);
            return kept;
        } catch (ServerFailure | IllegalArgumentException failure) {
            kept.close();
            throw new StartFailure(failure.getMessage(), failure);
        } catch (RuntimeException failure) {
            kept.close();
            throw failure;
        }
    }

    private void begin(Options options, boolean alone) {
        DatabaseUrl server = DatabaseUrl.parse(server(options, alone));
        Map<Store, DatabaseUrl> databases = new EnumMap<>(Store.class);
        Databases.on(server)
                .ready(Secrets.in(options.home()))
                .forEach((part, url) -> databases.put(Store.valueOf(part.name()), url));
        installation = new Installation(databases, Wiring.files(options.home()), streams(options));
    }

    /** Of a home's own NATS nothing is there to be emptied: a new one has none. */
    private static Streams streams(Options options) {
        String given = options.setting("nats.url");
        return given == null
                ? null
                : new Streams(given, options.setting("nats.user"), options.setting("nats.password"));
    }

    private String server(Options options, boolean alone) {
        Path folder = options.home().resolve("postgres");
        String given = options.setting("database.url");
        try {
            open.push(Hold.take(options.home()));
        } catch (StartFailure running) {
            if (alone) {
                throw running;
            }
            return given == null ? PostgresServer.url(folder, "postgres") : given;
        }
        if (given != null) {
            return given;
        }
        PostgresServer started = PostgresServer.durable(folder, 0);
        open.push(started);
        return started.url("postgres");
    }

    /**
     * Where it is.
     *
     * @return for a backup or a restore
     */
    public Installation installation() {
        return installation;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception failure) {
                throw new StartFailure("It did not stop cleanly: " + failure.getMessage(), failure);
            }
        }
    }
}
