package dev.natter.platform.http;

import dev.natter.platform.http.RateLimit.Permit;
import dev.natter.platform.token.Caller;
import dev.natter.platform.trace.Span;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One request on its way through the edge, and what every answer to it must say. Helidon forgets a response's headers
 * when an error replaces it, so they are kept here and put on again. Confined to the request's thread.
 */
final class Exchange {
    static final ScopedValue<Exchange> CURRENT = ScopedValue.newInstance();

    private static final HeaderName RATE_LIMIT = HeaderNames.create("RateLimit");
    private static final HeaderName RATE_LIMIT_POLICY = HeaderNames.create("RateLimit-Policy");

    private final String requestId;
    private final String address;
    private final boolean head;
    private final List<Header> always;
    private final String traceparent;
    private final List<Permit> permits = new ArrayList<>(2);
    private final long began = System.nanoTime();
    private RouteMeters route;
    private Caller caller;
    private Span span = Span.none();

    Exchange(String requestId, String address, boolean head, List<Header> always, String traceparent) {
        this.traceparent = traceparent;
        this.head = head;
        this.requestId = requestId;
        this.address = address;
        this.always = always;
    }

    /** The request of this thread, or a stand-in for one that never got as far as the edge. */
    static Exchange current() {
        return CURRENT.isBound() ? CURRENT.get() : new Exchange(RequestId.accept(null), "-", false, List.of(), null);
    }

    String requestId() {
        return requestId;
    }

    String address() {
        return address;
    }

    boolean isHead() {
        return head;
    }

    long elapsedNanos() {
        return System.nanoTime() - began;
    }

    RouteMeters route() {
        return route;
    }

    void route(RouteMeters found) {
        this.route = found;
    }

    Caller caller() {
        return caller;
    }

    /** The trace that the request belongs to, if whoever sent it may say so; else null. */
    String traceparent() {
        return traceparent;
    }

    Span span() {
        return span;
    }

    void span(Span begun) {
        this.span = begun;
    }

    void caller(Caller known) {
        this.caller = known;
    }

    /** Puts on the headers that belong to every answer. */
    void decorate(ServerResponse response) {
        response.header(HeaderValues.create(RequestId.HEADER, requestId));
        always.forEach(response::header);
        if (!permits.isEmpty()) {
            limits(response);
        }
    }

    /** Counts this request against a limit. */
    void count(RateLimit limit, String key, ServerResponse response) {
        if (limit.unlimited()) {
            return;
        }
        Permit permit = limit.take(key);
        permits.add(permit);
        if (!permit.allowed()) {
            throw new Problem(
                            429,
                            "rate_limited",
                            "Too many requests; wait a little.",
                            true,
                            permit.retryAfter(),
                            List.of())
                    .refuse();
        }
        limits(response);
    }

    private void limits(ServerResponse response) {
        response.header(RATE_LIMIT, permits.stream().map(Permit::field).collect(Collectors.joining(", ")));
        response.header(
                RATE_LIMIT_POLICY,
                permits.stream().map(permit -> permit.limit().policy()).collect(Collectors.joining(", ")));
    }
}
