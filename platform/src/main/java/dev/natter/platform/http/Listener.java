package dev.natter.platform.http;

import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.TokenVerifier;
import dev.natter.platform.trace.Span;
import dev.natter.platform.trace.Tracer;
import io.helidon.common.Weighted;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * The HTTP side of one listener: its edge, the routes that services add to it, and its answers to everything else. All
 * routes are added before {@link #routing} is called.
 */
public final class Listener {
    /** The logger that has a line for each request. */
    public static final String ACCESS_LOG = "dev.natter.access";

    /** Below everything that has a route of its own. */
    private static final double LAST = 1;

    private static final long POLL_NANOS = 20_000_000;

    private final long maxBody;
    private final EdgeConfig config;
    private final Edge edge;
    private final Connections connections;
    private final HttpRouting.Builder routing = HttpRouting.builder();
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(Method method, PathMatcher path) {}

    private Listener(String name, boolean inside, EdgeConfig config, long maxBody) {
        this.maxBody = maxBody;
        this.edge = new Edge(name, inside, config);
        this.connections = new Connections(name, config);
        this.config = config;
    }

    /**
     * The listener that clients reach.
     *
     * @param config what its requests pass through
     * @param maxBody the largest body of a request, bytes
     * @return the listener
     */
    public static Listener open(EdgeConfig config, long maxBody) {
        return new Listener("public", false, config, maxBody);
    }

    /**
     * The listener that only other services and the machinery around reach: no web pages, no limits, and a quiet log.
     *
     * @param maxBody the largest body of a request, bytes
     * @return the listener
     */
    public static Listener internal(long maxBody) {
        EdgeConfig plain = new EdgeConfig(
                List.of(),
                List.of(),
                new RateLimit("user", 0, Duration.ofSeconds(1)),
                new RateLimit("address", 0, Duration.ofSeconds(1)),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30));
        return new Listener("internal", true, plain, maxBody);
    }

    /**
     * A place for one service's routes.
     *
     * @param service the service's name
     * @param tokens who verifies its callers
     * @param secret what its peers prove themselves with
     * @return the routes, none yet
     */
    public Routes routes(String service, TokenVerifier tokens, SharedSecret secret) {
        return routes(service, tokens, secret, Tracer.off());
    }

    /**
     * A place for one service's routes, whose requests are traced.
     *
     * @param service the service's name
     * @param tokens who verifies its callers
     * @param secret what its peers prove themselves with
     * @param tracer what begins its part in traces
     * @return the routes, none yet
     */
    public Routes routes(String service, TokenVerifier tokens, SharedSecret secret, Tracer tracer) {
        return new Routes(this, new Guards(service, tokens, secret, tracer, config));
    }

    /**
     * The largest body of a request.
     *
     * @return bytes
     */
    public long maxBody() {
        return maxBody;
    }

    /** Adds the contracts and their reader: {@code /openapi.json}, {@code /asyncapi.json} and {@code /docs}. */
    public void docs() {
        Docs.load().ifPresent(docs -> docs.routes(routes("docs", null, null)));
    }

    /**
     * The routing, complete.
     *
     * @return what Helidon is given
     */
    public HttpRouting.Builder routing() {
        return routing.addFeature(edge).addFeature(new Rest());
    }

    /**
     * The answers to what never reaches the routing.
     *
     * @return what Helidon is given
     */
    public DirectHandlers directHandlers() {
        return DirectAnswers.of(edge.cors());
    }

    /**
     * How its connections speak: HTTP/1.1, and WebSocket after an upgrade.
     *
     * @param most how many may be open at once, those that have left HTTP included
     * @return what Helidon is given, as its only selector
     */
    public ServerConnectionSelector connections(int most) {
        connections.limit(most);
        return connections;
    }

    /**
     * Lets the requests that are under way finish, and ends their connections after them. Returns when nothing is under
     * way any more, or when the time is up and the rest has been cut off. Before this, whoever has WebSockets open has
     * closed them.
     *
     * @param time how long to wait at most
     */
    public void drain(Duration time) {
        edge.drain();
        long deadline = System.nanoTime() + time.toNanos();
        connections.closeIdle();
        while (connections.busy() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_NANOS);
            connections.closeIdle();
        }
        connections.closeAll();
    }

    void add(Guards guards, Method method, String path, Handler handler) {
        PathMatcher matcher = RoutePath.of(path);
        entries.add(new Entry(method, matcher));
        routing.route(
                method,
                matcher,
                metered(new RouteMeters(guards.service(), method.text(), path), guards.tracer(), handler));
        if (method.equals(Method.GET)) {
            add(guards, Method.HEAD, path, (request, response) -> {
                HeadResponse head = new HeadResponse(response);
                handler.handle(request, head);
                head.finish();
            });
        }
    }

    private static Handler metered(RouteMeters meters, Tracer tracer, Handler handler) {
        String name = meters.method() + " " + meters.route();
        return (request, response) -> {
            Exchange exchange = Exchange.current();
            exchange.route(meters);
            exchange.span(tracer.begin(Span.Kind.SERVER, name, exchange.traceparent())
                    .tag("http.request.method", meters.method())
                    .tag("http.route", meters.route())
                    .tag("natter.request_id", exchange.requestId()));
            try {
                exchange.span().during(() -> {
                    handler.handle(request, response);
                    return null;
                });
            } catch (Exception failure) {
                if (Failures.isDisconnect(failure) || Failures.isBrokenAnswer(failure, response)) {
                    throw new CloseConnectionException("The client has gone", failure);
                }
                if (response.isSent() || response.bytesWritten() > 0) {
                    // Too late for a problem: all that is left is to let the client see that the answer is cut short.
                    Failures.problem(failure);
                    throw new CloseConnectionException("The answer can't be completed", failure);
                }
                throw failure;
            }
        };
    }

    /** Answers what no route has taken. */
    private final class Rest implements HttpFeature, Weighted {
        @Override
        public void setup(HttpRouting.Builder rules) {
            rules.any(this::answer);
        }

        @Override
        public double weight() {
            return LAST;
        }

        private void answer(ServerRequest request, ServerResponse response) {
            TreeSet<String> allowed = new TreeSet<>();
            for (Entry entry : entries) {
                if (entry.path().match(request.prologue().uriPath()).accepted()) {
                    allowed.add(entry.method().text());
                }
            }
            if (allowed.isEmpty()) {
                throw Problem.notFound("resource").refuse();
            }
            allowed.add(Method.OPTIONS.text());
            response.header(HeaderValues.create(HeaderNames.ALLOW, String.join(", ", allowed)));
            if (request.prologue().method().equals(Method.OPTIONS)) {
                response.status(Status.NO_CONTENT_204).send();
            } else {
                Failures.ofStatus(405).send(response);
            }
        }
    }
}
