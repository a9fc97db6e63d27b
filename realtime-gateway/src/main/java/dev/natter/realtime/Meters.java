package dev.natter.realtime;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** What the gateway counts. Thread-safe. */
final class Meters implements AutoCloseable {
    private final MeterRegistry registry = Metrics.globalRegistry();
    private final Counter deliveries = counter("natter.realtime.deliveries", "Frames of chats queued to sockets");
    private final Counter drops =
            counter("natter.realtime.queue.drops", "Frames dropped because a socket was too slow");
    private final Counter gaps = counter("natter.realtime.gap.fetches", "Holes in a chat's feed filled from the log");
    private final Counter reliefs =
            counter("natter.realtime.backlog.closes", "Sockets closed because too much waited in all of them together");
    private final Counter boxGaps =
            counter("natter.realtime.box.fetches", "Holes in a user's box filled from chat-service");
    private final Counter evictions =
            counter("natter.realtime.evictions", "Seats in chats taken away from sockets whose user was removed");
    private final Counter replaysFromMemory = replays("memory");
    private final Counter replaysFromLog = replays("log");
    /** Every code from the beginning, so that the first close of a kind is a rise and no mere appearance. */
    private final Map<CloseCode, Counter> closes = new EnumMap<>(CloseCode.class);

    private final List<Meter> gauges;

    /**
     * Begins to count.
     *
     * @param sockets how many sockets are open
     * @param rooms how many chats are watched
     * @param seen how many users' presence is watched
     * @param backlog how much waits in all sockets together
     * @param remembered how much is remembered for replays
     */
    Meters(LongSupplier sockets, LongSupplier rooms, LongSupplier seen, LongSupplier backlog, LongSupplier remembered) {
        for (CloseCode code : CloseCode.values()) {
            closes.put(code, closes(code));
        }
        gauges = List.of(
                gauge("natter.realtime.sockets", "Open sockets", sockets),
                gauge("natter.realtime.rooms", "Watched chats", rooms),
                gauge("natter.realtime.presence.watched", "Users whose presence somebody watches", seen),
                gauge("natter.realtime.backlog.bytes", "What waits in all sockets together", backlog),
                gauge("natter.realtime.recent.bytes", "What all chats together remember for replays", remembered));
    }

    void delivered(long frames) {
        deliveries.increment(frames);
    }

    void dropped(int frames) {
        drops.increment(frames);
    }

    void relieved() {
        reliefs.increment();
    }

    void gap() {
        gaps.increment();
    }

    void boxGap() {
        boxGaps.increment();
    }

    void evicted(int seats) {
        evictions.increment(seats);
    }

    void replayed(boolean fromMemory) {
        (fromMemory ? replaysFromMemory : replaysFromLog).increment();
    }

    void closed(CloseCode code) {
        closes.get(code).increment();
    }

    void upgrade(int status) {
        registry.getOrCreate(Counter.builder("natter.realtime.upgrades")
                        .description("Upgrades asked for, by the status of the answer")
                        .addTag(Tag.create("status", Integer.toString(status))))
                .increment();
    }

    @Override
    public void close() {
        gauges.forEach(registry::remove);
    }

    private Counter replays(String from) {
        return registry.getOrCreate(Counter.builder("natter.realtime.replays")
                .description("Replays of a chat to a client that was away, by where they came from")
                .addTag(Tag.create("from", from)));
    }

    private Counter closes(CloseCode code) {
        return registry.getOrCreate(Counter.builder("natter.realtime.closes")
                .description("Sockets closed by the gateway")
                .addTag(Tag.create("code", Integer.toString(code.code()))));
    }

    private Counter counter(String name, String description) {
        return registry.getOrCreate(Counter.builder(name).description(description));
    }

    private Meter gauge(String name, String description, LongSupplier value) {
        return registry.getOrCreate(
                Gauge.builder(name, value, LongSupplier::getAsLong).description(description));
    }
}
