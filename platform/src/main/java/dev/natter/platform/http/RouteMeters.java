package dev.natter.platform.http;

import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts and times the answers of one route, by status. Thread-safe. */
final class RouteMeters {
    /** Requests that no route was found for. */
    static final RouteMeters NONE = new RouteMeters("none", "any", "none");

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(200),
        Duration.ofSeconds(1)
    };

    private final String service;
    private final String method;
    private final String route;
    private final Map<Integer, Timer> timers = new ConcurrentHashMap<>();

    RouteMeters(String service, String method, String route) {
        this.service = service;
        this.method = method;
        this.route = route;
    }

    String service() {
        return service;
    }

    String route() {
        return route;
    }

    void record(int status, long nanos) {
        timers.computeIfAbsent(status, this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(int status) {
        return Metrics.globalRegistry()
                .getOrCreate(Timer.builder("natter.http.requests")
                        .description("Answered HTTP requests")
                        .percentiles(new double[0])
                        .buckets(BUCKETS)
                        .tags(List.of(
                                Tag.create("service", service),
                                Tag.create("method", method),
                                Tag.create("route", route),
                                Tag.create("status", Integer.toString(status)))));
    }
}
