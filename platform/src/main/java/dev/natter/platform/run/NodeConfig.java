package dev.natter.platform.run;

import dev.natter.platform.http.EdgeConfig;
import io.helidon.config.Config;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/**
 * How a node listens.
 *
 * @param host address of the public listener
 * @param port its port; 0 lets the system choose
 * @param internalHost address of the internal listener
 * @param internalPort its port; 0 lets the system choose
 * @param maxPayload the largest request body, bytes; JSON bodies have a smaller limit of their own
 * @param maxConnections how many connections the public listener accepts; more wait in the backlog, or are closed at
 *     once if it is sockets that take the places
 * @param sendBuffer how much the system may keep for one client of the public listener that reads slowly, bytes; 0 for
 *     as much as it likes
 * @param shutdownDelay how long the node says "not ready" before it drains, so that balancers notice
 * @param edge what every request of the public listener passes through
 */
public record NodeConfig(
        String host,
        int port,
        String internalHost,
        int internalPort,
        long maxPayload,
        int maxConnections,
        int sendBuffer,
        Duration shutdownDelay,
        EdgeConfig edge) {

    private static final int MAX_PORT = 65_535;

    public NodeConfig {
        check("server.host", host, !host.isBlank());
        check("server.port", port, port >= 0 && port <= MAX_PORT);
        check("internal.host", internalHost, !internalHost.isBlank());
        check("internal.port", internalPort, internalPort >= 0 && internalPort <= MAX_PORT);
        check("server.max.payload", maxPayload, maxPayload > 0);
        check("server.max.connections", maxConnections, maxConnections > 0);
        check("server.send.buffer", sendBuffer, sendBuffer >= 0);
        check("server.shutdown.delay", shutdownDelay, !shutdownDelay.isNegative());
    }

    /**
     * Reads the keys {@code server.*}, {@code internal.*} and those of {@link EdgeConfig}.
     *
     * @param config a service's settings
     * @return the node's
     * @throws IllegalArgumentException naming the key and the value that make no sense
     */
    public static NodeConfig from(Config config) {
        return new NodeConfig(
                config.get("server.host").asString().orElse("0.0.0.0"),
                (int) number(config, "server.port", 8_080),
                config.get("internal.host").asString().orElse("0.0.0.0"),
                (int) number(config, "internal.port", 9_090),
                number(config, "server.max.payload", 32L * 1_024 * 1_024),
                (int) number(config, "server.max.connections", 20_000),
                (int) number(config, "server.send.buffer", 0),
                duration(config, "server.shutdown.delay", Duration.ZERO),
                EdgeConfig.from(config));
    }

    private static long number(Config config, String key, long otherwise) {
        String text = config.get(key).asString().orElse("").strip();
        try {
            return text.isEmpty() ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(key + ": '" + text + "' is not a whole number", notANumber);
        }
    }

    /** ISO 8601, as in {@code PT5S}, or seconds. */
    private static Duration duration(Config config, String key, Duration otherwise) {
        String text = config.get(key).asString().orElse("").strip();
        try {
            return text.startsWith("P")
                    ? Duration.parse(text)
                    : Duration.ofSeconds(number(config, key, otherwise.toSeconds()));
        } catch (DateTimeParseException notADuration) {
            throw new IllegalArgumentException(key + ": '" + text + "' is not a duration such as PT5S", notADuration);
        }
    }

    private static void check(String key, Object value, boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException(key + ": " + value + " makes no sense");
        }
    }
}
