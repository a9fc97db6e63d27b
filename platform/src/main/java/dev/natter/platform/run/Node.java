package dev.natter.platform.run;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.natter.platform.http.Listener;
import io.helidon.common.socket.SocketOptions;
import io.helidon.config.Config;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.websocket.WsRouting;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Hosts services on two listeners: the public one for clients, the internal one for health, metrics and other services.
 * The only class that sees more than one service.
 *
 * <p>Start: each service's {@link Service#start}, then the listeners, then ready. Stop: not ready, the shutdown delay,
 * each service's {@link Service#drain}, the listeners, each service's {@link Service#close}.
 */
public final class Node implements AutoCloseable {
    static {
        Logging.outlive();
    }

    private static final System.Logger LOG = System.getLogger(Node.class.getName());
    private static final String INTERNAL = "internal";

    /** Most seconds that a stop may take. */
    private static final int STOP_SECONDS = 9;

    private static final Duration DRAIN = Duration.ofSeconds(3);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    /** For everything after the last request. */
    private static final Duration RESERVE = Duration.ofSeconds(3);

    /** What Helidon waits for handlers that ignore that their connection is gone. */
    private static final Duration LAST_GRACE = Duration.ofMillis(250);

    private final NodeConfig config;
    private final List<Service> services;
    private final Listener open;
    private final Listener internal;
    private final AtomicBoolean closed = new AtomicBoolean();
    private WebServer server;

    private Node(NodeConfig config, List<Service> services) {
        this.config = config;
        this.services = List.copyOf(services);
        this.open = Listener.open(config.edge(), config.maxPayload());
        this.internal = Listener.internal(config.maxPayload());
    }

    /**
     * Starts services on one node.
     *
     * @param config how to listen
     * @param services the services; they start all at once and close latest first
     * @return the running node
     */
    public static Node start(NodeConfig config, List<Service> services) {
        Node node = new Node(config, services);
        try {
            startAll(services);
            node.listen();
            return node;
        } catch (RuntimeException failure) {
            services.forEach(Node::end);
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
            Logging.format(config);
            Node node = start(NodeConfig.from(config), List.of(Settings.make(config, open)));
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "node-stop"));
        } catch (RuntimeException failure) {
            LOG.log(Level.DEBUG, "Can't start", failure);
            System.err.println("Can't start: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static void end(Service service) {
        service.close();
        service.tracer().close();
    }

    /**
     * All at once, since most of a start is waiting; fails once none is starting any more. By the platform's threads: a
     * start loads most classes there are, and a virtual thread that waits for a class keeps its carrier from whoever is
     * loading it, until (with as many such as there are carriers) none goes on (JDK-8369238).
     */
    private static void startAll(List<Service> services) {
        List<Future<?>> starts = new ArrayList<>();
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("start-", 0).factory())) {
            services.forEach(service -> starts.add(threads.submit(service::start)));
        }
        for (Future<?> start : starts) {
            if (start.state() == Future.State.FAILED) {
                throw start.exceptionNow() instanceof RuntimeException failure
                        ? failure
                        : new IllegalStateException(start.exceptionNow());
            }
        }
    }

    private void listen() {
        ProcessMeters.register(services);
        WsRouting.Builder sockets = WsRouting.builder();
        for (Service service : services) {
            service.routes(
                    open.routes(service.name(), service.tokens(), service.secret(), service.tracer()),
                    internal.routes(service.name(), service.tokens(), service.secret(), service.tracer()));
            service.sockets(sockets);
        }
        open.docs();
        int most = connections(config.maxConnections());
        server = build(WebServer.builder()
                        .update(builder -> listener(builder, open, config.host(), config.port(), most))
                        .maxTcpConnections(most)
                        .addRouting(sockets)
                        .putSocket(INTERNAL, internalListener())
                        .featuresDiscoverServices(false)
                        .addFeature(Health.feature(INTERNAL, config, services, () -> !closed.get(), this::port))
                        .shutdownHook(false))
                .start();
        if (!server.isRunning()) {
            throw new IllegalStateException("can't listen on " + config.host() + ":" + config.port() + " and "
                    + config.internalHost() + ":" + config.internalPort() + "; is something else there?");
        }
        LOG.log(
                Level.INFO,
                "{0} listening on {1}, internal on {2}",
                services.stream().map(Service::name).toList(),
                Integer.toString(port()),
                Integer.toString(internalPort()));
    }

    /**
     * Helidon 4.1.2 keeps some metrics of all servers in one {@code HashMap}, which two that are built at once break.
     */
    private static WebServer build(WebServerConfig.Builder builder) {
        synchronized (Node.class) {
            return builder.build();
        }
    }

    private ListenerConfig internalListener() {
        ListenerConfig.Builder builder = ListenerConfig.builder().name(INTERNAL);
        listener(builder, internal, config.internalHost(), config.internalPort(), Integer.MAX_VALUE);
        return builder.buildPrototype();
    }

    private static SocketOptions socketOptions(int sendBuffer) {
        SocketOptions.Builder options = SocketOptions.builder().tcpNoDelay(true);
        return sendBuffer == 0
                ? options.build()
                : options.socketSendBufferSize(sendBuffer).build();
    }

    private void listener(
            ListenerConfig.BuilderBase<?, ?> builder, Listener listener, String host, int port, int most) {
        builder.host(host)
                .port(port)
                .maxPayloadSize(listener.maxBody())
                .connectionOptions(socketOptions(listener == open ? config.sendBuffer() : 0))
                .protocolsDiscoverServices(false)
                .addConnectionSelector(listener.connections(most))
                .shutdownGracePeriod(LAST_GRACE)
                .directHandlers(listener.directHandlers())
                .routing(listener.routing());
    }

    /** Well below what the process may open: running out would end the listener for good. */
    private static int connections(int wanted) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long affordable = Math.max(1, system.getMaxFileDescriptorCount() * 3 / 4);
            if (wanted > affordable) {
                LOG.log(
                        Level.INFO,
                        "server.max.connections is {0}, but open files allow only {1}",
                        Integer.toString(wanted),
                        Long.toString(affordable));
                return (int) affordable;
            }
        }
        return wanted;
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

    /**
     * Stops in order; returns when everything is closed, at most {@value #STOP_SECONDS} seconds after the shutdown
     * delay. Calling it again does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        LockSupport.parkNanos(config.shutdownDelay().toNanos());
        long deadline = System.nanoTime() + Duration.ofSeconds(STOP_SECONDS).toNanos();
        within(DRAIN, "drain", services, Service::drain);
        open.drain(Duration.ofNanos(deadline - System.nanoTime()).minus(RESERVE));
        internal.drain(LAST_GRACE);
        server.stop();
        within(CLOSE, "close", services.reversed(), Node::end);
        LOG.log(Level.INFO, "{0} stopped", services.stream().map(Service::name).toList());
    }

    /** Does a step for all services at once, so that a slow one costs the others nothing. */
    private static void within(Duration limit, String step, List<Service> services, Consumer<Service> action) {
        CountDownLatch done = new CountDownLatch(services.size());
        for (Service service : services) {
            Thread.ofVirtual().name(step + "-" + service.name()).start(() -> {
                try {
                    action.accept(service);
                } catch (RuntimeException failure) {
                    LOG.log(Level.ERROR, "Can't " + step + " " + service.name(), failure);
                } finally {
                    done.countDown();
                }
            });
        }
        try {
            if (!done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "Went on although a service had not finished its {0}", step);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
