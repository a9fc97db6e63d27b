package dev.natter.local;

import dev.natter.platform.db.DatabaseUrl;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What the services of one installation are told: the same in both arrangements.
 *
 * @param home the installation's folder
 * @param extra settings that whoever starts it wants
 * @param secret what all services share
 * @param nats where NATS is
 * @param databases where each stored service's database is
 * @param internal where each service's internal listener will be
 */
record Wiring(
        Path home,
        Map<String, String> extra,
        String secret,
        String nats,
        Map<Part, DatabaseUrl> databases,
        Map<Part, URI> internal) {

    /** A service's settings, less where it listens. */
    Map<String, String> settings(Part part) {
        Map<String, String> settings = new HashMap<>(extra);
        settings.put("secret.key", secret);
        settings.put("nats.url", nats);
        settings.put("server.shutdown.delay", "0");
        settings.put("token.jwks.url", internal.get(Part.AUTH) + "/.well-known/jwks.json");
        internal.forEach((neighbour, address) -> settings.put(neighbour.key() + ".url", address.toString()));
        settings.put("media.root", files(home).toString());
        if (part.stored()) {
            DatabaseUrl database = databases.get(part);
            settings.put("database.url", database.jdbc());
            settings.put("database.user", database.user());
            settings.put("database.password", database.password());
        }
        return settings;
    }

    /** A service's settings, for a process of its own behind a proxy on this machine. */
    Map<String, String> settings(Part part, int port, int internalPort) {
        Map<String, String> settings = settings(part);
        settings.put("server.host", "127.0.0.1");
        settings.put("server.port", "" + port);
        settings.put("server.trusted.proxies", "127.0.0.1");
        settings.put("internal.host", "127.0.0.1");
        settings.put("internal.port", "" + internalPort);
        return settings;
    }

    /** Where the files are of an installation in a folder. */
    static Path files(Path home) {
        return home.resolve("files");
    }

    /** Settings as the environment of a process holds them. */
    static Map<String, String> environment(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>();
        settings.forEach((key, value) -> environment.put(variable(key), value));
        return environment;
    }

    /** The variable that sets a key: {@code DATABASE_URL} for {@code database.url}. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
