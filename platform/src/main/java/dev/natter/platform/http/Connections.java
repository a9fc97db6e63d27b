package dev.natter.platform.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionProvider;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelectorProvider;
import io.helidon.webserver.websocket.WsConfig;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The open connections of one listener. Helidon 4.1.2 never closes one whose client stalls within a request, and when
 * it stops, it waits its whole grace for those that are merely kept alive. So each is watched here: one that takes too
 * long is closed, and a stop closes at once what has nothing under way.
 */
final class Connections implements ServerConnectionSelector {
    private static final int MAX_PROLOGUE = 8 * 1_024;
    private static final int MAX_FRAME = 64 * 1_024;
    private static final String WEBSOCKET = "websocket";
    private static final Duration SWEEP = Duration.ofMillis(250);

    private final EdgeConfig config;
    private final ServerConnectionSelector http1;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger detached = new AtomicInteger();
    private volatile int most = Integer.MAX_VALUE;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("connections").factory());

    Connections(String listener, EdgeConfig config) {
        this.config = config;
        Http1Config http = Http1Config.builder()
                .maxPrologueLength(MAX_PROLOGUE)
                .sendLog(false) // they would print tokens
                .receiveLog(false)
                .addReceiveListener(new Http1ConnectionListener() {
                    @Override
                    public void headers(ConnectionContext ctx, Headers headers) {
                        spellUpgrade((WritableHeaders<?>) headers);
                        Connection.CURRENT.get().headRead(headers);
                    }
                })
                .build();
        WsConfig sockets = WsConfig.builder().maxFrameLength(MAX_FRAME).build();
        this.http1 = provider().create(listener, http, ProtocolConfigs.create(List.of(sockets)));
        sweeper.scheduleWithFixedDelay(this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Helidon wants the protocol's name exactly; RFC 6455, section 4.2.1, in any case and beside others. */
    private static void spellUpgrade(WritableHeaders<?> headers) {
        boolean named = headers.contains(HeaderNames.UPGRADE)
                && headers.values(HeaderNames.UPGRADE).stream()
                        .flatMap(value -> Stream.of(value.split(",")))
                        .anyMatch(protocol -> protocol.strip().equalsIgnoreCase(WEBSOCKET));
        if (named) {
            headers.set(HeaderNames.UPGRADE, WEBSOCKET);
        }
    }

    /** Helidon's own, which finds upgrades by itself; its constructor is for the service loader only. */
    private static Http1ConnectionProvider provider() {
        return ServiceLoader.load(ServerConnectionSelectorProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(Http1ConnectionProvider.class::isInstance)
                .map(Http1ConnectionProvider.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http1.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http1.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext ctx) {
        if (open.size() + detached.get() >= most) {
            throw new CloseConnectionException("As many connections are open as may be");
        }
        Connection connection = new Connection(ctx, this);
        connection.of(http1.connection(connection.context()));
        open.add(connection);
        return connection;
    }

    /**
     * Bounds them. Helidon lets in so many too, but no longer counts those that have left HTTP.
     *
     * @param number how many may be open at once
     */
    void limit(int number) {
        most = number;
    }

    /** Takes the socket of one away from HTTP; it counts as open until it is closed. */
    Wire detach(HelidonSocket socket) {
        Wire wire = Wire.from(socket, detached::decrementAndGet);
        detached.incrementAndGet();
        return wire;
    }

    /** HTTP is done with one. */
    void ended(Connection connection) {
        open.remove(connection);
    }

    /** How many have a request under way. */
    long busy() {
        return open.stream().filter(Predicate.not(Connection::isIdle)).count();
    }

    /** Closes what has nothing under way. */
    void closeIdle() {
        open.stream().filter(Connection::isIdle).forEach(Connection::cut);
    }

    /** Closes all, whatever they are doing, and stops watching. */
    void closeAll() {
        open.forEach(Connection::cut);
        sweeper.shutdownNow();
    }

    private void sweep() {
        long now = System.nanoTime();
        open.stream().filter(connection -> connection.isOverdue(now, config)).forEach(Connection::cut);
    }
}
