package dev.natter.platform.run;

import dev.natter.platform.http.EdgeConfig;
import io.helidon.config.Config;
import java.time.Duration;

/**
 * How a node listens.
 *
 * @param host address of the public listener
 * @param port its port; 0 lets the system choose
 * @param internalHost address of the internal listener
 * @param internalPort its port; 0 lets the system choose
 * @param maxPayload the largest request body, bytes; JSON bodies have a smaller limit of their own
 * @param maxConnections how many connections the public listener accepts; more wait in the backlog
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
        Duration shutdownDelay,
        EdgeConfig edge) {

    /**
     * Reads the keys {@code server.*}, {@code internal.*} and those of {@link EdgeConfig}.
     *
     * @param config a service's settings
     * @return the node's
     * @throws IllegalArgumentException naming the key and the value that make no sense
     */
    public static NodeConfig from(Config config) {
        throw new UnsupportedOperationException("skeleton");
    }
}
