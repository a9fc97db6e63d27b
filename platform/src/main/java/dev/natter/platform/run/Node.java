package dev.natter.platform.run;

import io.helidon.config.Config;
import java.util.List;
import java.util.function.Function;

/**
 * Hosts services on two listeners: the public one for clients, the internal one for health, metrics and other services.
 * The only class that sees more than one service.
 *
 * <p>Start: each service's {@link Service#start}, then the listeners, then ready. Stop: not ready, the shutdown delay,
 * each service's {@link Service#drain}, the listeners, each service's {@link Service#close}.
 */
public final class Node implements AutoCloseable {
    private Node() {}

    /**
     * Starts services on one node.
     *
     * @param config how to listen
     * @param services the services, in the order of their start
     * @return the running node
     */
    public static Node start(NodeConfig config, List<Service> services) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * The whole of a service's {@code main}: configures logging, loads the settings, starts the service alone and stops
     * it on SIGTERM. Exits with 1 and one clear line if it can't start.
     *
     * @param home a class of the service
     * @param open makes the service from its settings
     */
    public static void run(Class<?> home, Function<Config, Service> open) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * The public listener's port.
     *
     * @return the port, known once started
     */
    public int port() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * The internal listener's port.
     *
     * @return the port, known once started
     */
    public int internalPort() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Stops in order; returns when everything is closed. Calling it again does nothing. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("skeleton");
    }
}
