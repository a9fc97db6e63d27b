package dev.natter.platform.bus;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** How far a replica is behind its stream, as far as it can know. Written by the replica's thread. */
final class ReplicaMeters implements AutoCloseable {
    private final List<Tag> replica;
    private final Counter applied;
    private volatile List<Meter> gauges = List.of();
    private volatile long pending;

    /** When the oldest event that isn't applied was published; null if there is none. */
    private volatile Instant behindSince;

    ReplicaMeters(String durable) {
        this.replica = List.of(Tag.create("replica", durable));
        this.applied = Metrics.globalRegistry()
                .getOrCreate(Counter.builder("natter.replica.events")
                        .description("Events that the replica is done with")
                        .tags(replica));
    }

    void start() {
        gauges = List.of(
                gauge(
                        "natter.replica.pending",
                        "Envelopes of events that the replica has not been given yet",
                        () -> pending),
                gauge("natter.replica.lag.seconds", "Age of the oldest event not applied yet", this::lag));
    }

    private Meter gauge(String name, String description, Supplier<? extends Number> value) {
        return Metrics.globalRegistry()
                .getOrCreate(
                        Gauge.builder(name, value::get).description(description).tags(replica));
    }

    private double lag() {
        Instant since = behindSince;
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, Instant.now()).toNanos() / 1e9);
    }

    /** The replica begins with some events. */
    void taken(List<Parcel> batch) {
        pending = batch.getLast().message().metaData().pendingCount();
        behindSince = batch.getFirst().message().metaData().timestamp().toInstant();
    }

    /** It is done with them. What is pending was published later than the last of them. */
    void done(List<Parcel> batch) {
        applied.increment(batch.stream().mapToInt(Parcel::events).sum());
        behindSince = pending == 0
                ? null
                : batch.getLast().message().metaData().timestamp().toInstant();
    }

    @Override
    public void close() {
        gauges.forEach(Metrics.globalRegistry()::remove);
    }
}
