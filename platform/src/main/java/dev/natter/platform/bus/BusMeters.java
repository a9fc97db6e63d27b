package dev.natter.platform.bus;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/** What is counted of one connection to NATS. Thread-safe. */
final class BusMeters implements AutoCloseable {
    private static final Duration[] BUCKETS = LongStream.of(1, 2, 5, 10, 25, 50, 100, 250, 1_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final List<Tag> client;
    private final Timer published;
    private final Counter unpublished;
    private final Counter gaps;
    private volatile Meter connected;

    BusMeters(String client) {
        this.client = List.of(Tag.create("client", client));
        this.published = Metrics.globalRegistry()
                .getOrCreate(Timer.builder("natter.nats.publish")
                        .description("Envelopes of events that JetStream has acknowledged, and how long that took")
                        .percentiles(new double[0])
                        .buckets(BUCKETS)
                        .tags(this.client));
        this.unpublished =
                counter("natter.nats.publish.failures", "Envelopes that JetStream did not acknowledge in time");
        this.gaps = counter("natter.nats.gaps", "Times that something may have been missed: reconnections, drops");
    }

    private Counter counter(String name, String description) {
        return Metrics.globalRegistry()
                .getOrCreate(Counter.builder(name).description(description).tags(client));
    }

    /** From now on tells whether the connection is up. */
    void connected(BooleanSupplier up) {
        connected = Metrics.globalRegistry()
                .getOrCreate(Gauge.builder("natter.nats.connected", () -> up.getAsBoolean() ? 1 : 0)
                        .description("Whether the connection to NATS is up: 1 or 0")
                        .tags(client));
    }

    void published(long nanos, boolean acknowledged) {
        if (acknowledged) {
            published.record(nanos, TimeUnit.NANOSECONDS);
        } else {
            unpublished.increment();
        }
    }

    void gap() {
        gaps.increment();
    }

    @Override
    public void close() {
        if (connected != null) {
            Metrics.globalRegistry().remove(connected);
        }
    }
}
