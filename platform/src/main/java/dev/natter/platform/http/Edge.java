package dev.natter.platform.http;

import io.helidon.common.Weighted;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** What every request passes on its way in and every answer on its way out. */
final class Edge implements HttpFeature, Weighted {
    private static final double FIRST = 1_000;

    private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
    private static final System.Logger ACCESS = System.getLogger(Listener.ACCESS_LOG);

    private final String listener;
    private final Cors cors;
    private final List<Network> proxies;
    private final Level level;
    private final boolean inside;
    private volatile boolean draining;

    Edge(String listener, boolean inside, EdgeConfig config) {
        this.inside = inside;
        this.listener = listener;
        this.level = inside ? Level.DEBUG : Level.INFO;
        this.cors = new Cors(config.origins());
        this.proxies = config.trustedProxies().stream().map(Network::parse).toList();
    }

    @Override
    public void setup(HttpRouting.Builder routing) {
        routing.addFilter(this::filter);
        routing.error(
                Throwable.class,
                (request, response, failure) -> Failures.problem(failure).send(response));
    }

    @Override
    public double weight() {
        return FIRST;
    }

    Cors cors() {
        return cors;
    }

    /** From now on every answer closes its connection. */
    void drain() {
        draining = true;
    }

    private void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        Connection connection = Connection.CURRENT.get();
        connection.routed();
        String requestId =
                RequestId.accept(request.headers().first(RequestId.HEADER).orElse(null));
        Exchange exchange = new Exchange(
                requestId,
                address(request),
                request.prologue().method().equals(Method.HEAD),
                always(request),
                traceparent(request));
        RequestId.during(
                requestId,
                () -> ScopedValue.where(Exchange.CURRENT, exchange)
                        .call(() -> handle(chain, request, response, exchange)));
        connection.answered();
    }

    private List<Header> always(RoutingRequest request) {
        List<Header> headers = new ArrayList<>(cors.headers(request.headers()));
        // Where a client waits for leave to send a body, it can't be known whether one will come after a refusal.
        if (draining || request.headers().contains(HeaderNames.EXPECT) || Framing.saysClose(request.headers())) {
            headers.add(HeaderValues.CONNECTION_CLOSE);
        }
        return headers;
    }

    private Void handle(FilterChain chain, RoutingRequest request, RoutingResponse response, Exchange exchange) {
        try {
            exchange.decorate(response);
            String fault = Framing.fault(request.headers());
            if (fault != null) {
                response.header(HeaderValues.CONNECTION_CLOSE);
                Problem.malformed(fault).send(response);
            } else if (Cors.isPreflight(request)) {
                cors.preflight(request, response);
            } else {
                if (request.headers().contains(HeaderNames.TRANSFER_ENCODING)) {
                    request.streamFilter(Framing::chunked);
                }
                chain.proceed();
            }
        } finally {
            told(request, response, exchange);
        }
        // Helidon 4.1.2 announces the end of a connection but goes on reading from it.
        if (response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
            throw new CloseConnectionException("The answer said so");
        }
        return null;
    }

    private void told(RoutingRequest request, RoutingResponse response, Exchange exchange) {
        int status = response.status().code();
        RouteMeters route = exchange.route() == null ? RouteMeters.NONE : exchange.route();
        route.record(status, exchange.elapsedNanos());
        exchange.span().tag("http.response.status_code", status);
        if (status >= 500) {
            exchange.span().failed("answered with " + status);
        }
        if (ACCESS.isLoggable(level)) {
            Access access = new Access(
                    listener,
                    request.prologue().method().text(),
                    request.prologue().uriPath().rawPath(),
                    status,
                    exchange.elapsedNanos() / 1_000_000,
                    exchange.address(),
                    exchange.caller() == null ? null : exchange.caller().userId());
            exchange.span().during(() -> {
                ACCESS.log(level, access.toString(), access);
                return null;
            });
        }
        exchange.span().end();
    }

    /**
     * Only who stands between us and clients may say which trace a request belongs to: a client that could would have
     * all its requests recorded.
     */
    private String traceparent(RoutingRequest request) {
        boolean trusted = inside || proxies.stream().anyMatch(proxy -> proxy.contains(peer(request)));
        return trusted ? request.headers().first(TRACEPARENT).orElse(null) : null;
    }

    private static InetAddress peer(RoutingRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    private String address(RoutingRequest request) {
        InetAddress peer = peer(request);
        if (proxies.isEmpty() || !request.headers().contains(HeaderNames.X_FORWARDED_FOR)) {
            return peer.getHostAddress();
        }
        List<String> forwarded =
                request.headers().get(HeaderNames.X_FORWARDED_FOR).allValues();
        return Network.client(peer, forwarded, proxies).getHostAddress();
    }
}
