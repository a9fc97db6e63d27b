package dev.natter.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * How to start Natter.
 *
 * @param home where everything lies that lasts: databases, streams, files, secrets, logs
 * @param host address of the public port
 * @param port the public port; 0 lets the system choose
 * @param internalPort the first internal port, on the loopback address; 0 lets the system choose
 * @param separate five processes behind nginx, instead of one
 * @param settings settings for every service, as in {@code access.token.expire.minutes}; they win over the environment
 */
public record Options(
        Path home, String host, int port, int internalPort, boolean separate, Map<String, String> settings) {
    /** Copies. */
    public Options {
        home = home.toAbsolutePath().normalize();
        settings = Map.copyOf(settings);
    }

    /**
     * All in one process, on ports that the system chooses.
     *
     * @param home where everything lies
     * @return the options
     */
    public static Options in(Path home) {
        return new Options(home, "127.0.0.1", 0, 0, false, Map.of());
    }

    /**
     * The same, in the other arrangement.
     *
     * @return five processes behind nginx
     */
    public Options asSeparate() {
        return new Options(home, host, port, internalPort, true, settings);
    }

    /**
     * The same, with a setting.
     *
     * @param key its key, with dots
     * @param value its value
     * @return the new options
     */
    public Options with(String key, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(key, value);
        return new Options(home, host, port, internalPort, separate, more);
    }

    /** A setting that counts for the launcher too: as given, else from the environment, else null. */
    String setting(String key) {
        String value = settings.getOrDefault(key, System.getenv(Wiring.variable(key)));
        return value == null || value.isBlank() ? null : value;
    }
}
