package dev.natter.platform.run;

import dev.natter.platform.http.Listener;
import io.helidon.common.socket.SocketOptions;
import io.helidon.config.Config;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Hosts services on two listeners: the public one for clients, the internal one for health, metrics and other services.
 * The only class that sees more than one service.
 *
 * <p>Start: each service's {@link Service#start}, then the listeners, then ready. Stop: not ready, the shutdown delay,
 * each service's {@link Service#drain}, the listeners, each service's {@link Service#close}.
 */
public final class Node implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Node.class.getName());
    private static final String INTERNAL = "internal";
    private static final Duration GRACE = Duration.ofSeconds(8);

    private final NodeConfig config;
    private final List<Service> services;
    private final Listener open;
    private final Listener internal = Listener.internal();
    private final AtomicBoolean closed = new AtomicBoolean();
    private WebServer server;

    private Node(NodeConfig config, List<Service> services) {
        this.config = config;
        this.services = List.copyOf(services);
        this.open = Listener.open(config.edge());
    }

    /**
     * Starts services on one node.
     *
     * @param config how to listen
     * @param services the services, in the order of their start
     * @return the running node
     */
    public static Node start(NodeConfig config, List<Service> services) {
        Node node = new Node(config, services);
        try {
            services.forEach(Service::start);
            node.listen();
            return node;
        } catch (RuntimeException failure) {
            services.forEach(Service::close);
            throw failure;
        }
    }

    /**
     * The whole of a service's {@code main}: configures logging, loads the settings, starts the service alone and stops
     * it on SIGTERM. Exits with 1 and one clear line if it can't start.
     *
     * @param home a class of the service
     * @param open makes the service from its settings
     */
    public static void run(Class<?> home, Function<Config, Service> open) {
        Logging.configure();
        try {
            Config config = Settings.load(home, Map.of());
            Node node = start(NodeConfig.from(config), List.of(open.apply(config)));
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "node-stop"));
        } catch (RuntimeException failure) {
            LOG.log(Level.DEBUG, "Can't start", failure);
            System.err.println("Can't start: " + failure.getMessage());
            System.exit(1);
        }
    }

    private void listen() {
        WsRouting.Builder sockets = WsRouting.builder();
        for (Service service : services) {
            service.routes(
                    open.routes(service.name(), service.tokens(), service.secret()),
                    internal.routes(service.name(), service.tokens(), service.secret()));
            service.sockets(sockets);
        }
        open.docs();
        SocketOptions options = SocketOptions.builder().tcpNoDelay(true).build();
        server = WebServer.builder()
                .host(config.host())
                .port(config.port())
                .maxPayloadSize(config.maxPayload())
                .maxTcpConnections(config.maxConnections())
                .connectionOptions(options)
                .shutdownGracePeriod(GRACE)
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .directHandlers(open.directHandlers())
                .routing(open.routing())
                .addRouting(sockets)
                .putSocket(
                        INTERNAL,
                        ListenerConfig.builder()
                                .name(INTERNAL)
                                .host(config.internalHost())
                                .port(config.internalPort())
                                .maxPayloadSize(config.maxPayload())
                                .connectionOptions(options)
                                .shutdownGracePeriod(GRACE)
                                .directHandlers(internal.directHandlers())
                                .routing(internal.routing())
                                .build())
                .build()
                .start();
        LOG.log(
                Level.INFO,
                "{0} listening on {1}, internal on {2}",
                services.stream().map(Service::name).toList(),
                Integer.toString(port()),
                Integer.toString(internalPort()));
    }

    /**
     * The public listener's port.
     *
     * @return the port, known once started
     */
    public int port() {
        return server.port();
    }

    /**
     * The internal listener's port.
     *
     * @return the port, known once started
     */
    public int internalPort() {
        return server.port(INTERNAL);
    }

    /** Stops in order; returns when everything is closed. Calling it again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        services.forEach(Service::drain);
        open.drain();
        internal.drain();
        server.stop();
        new ArrayList<>(services).reversed().forEach(Service::close);
    }
}
