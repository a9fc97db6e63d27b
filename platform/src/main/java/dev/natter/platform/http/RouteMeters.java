package dev.natter.platform.http;

import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Counts and times the answers of one route, by status. Thread-safe. */
final class RouteMeters {
    /** Requests that no route was found for. */
    static final RouteMeters NONE = new RouteMeters("none", "any", "none");

    /** Fine enough for a quantile within a factor of two and a half, whichever instances it is taken over. */
    private static final Duration[] BUCKETS = LongStream.of(2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

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

    String method() {
        return method;
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
