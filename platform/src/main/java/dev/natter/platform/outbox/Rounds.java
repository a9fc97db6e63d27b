package dev.natter.platform.outbox;

import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** What an outbox does again and again, on two threads: marking what was acknowledged, and the relay's rounds. */
final class Rounds implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Rounds.class.getName());
    private static final Duration MARK_EVERY = Duration.ofMillis(50);
    private static final Duration RELAY_EVERY = Duration.ofSeconds(1);

    private final String stream;
    private final OutboxTable table;
    private final Publisher publisher;
    private final Relay relay;
    private final ScheduledExecutorService threads;
    private final List<Meter> gauges = new ArrayList<>();
    private volatile OutboxTable.Pending pending = new OutboxTable.Pending(0, 0);

    Rounds(String stream, OutboxTable table, Publisher publisher, Relay relay) {
        this.stream = stream;
        this.table = table;
        this.publisher = publisher;
        this.relay = relay;
        this.threads = Executors.newScheduledThreadPool(
                2,
                Thread.ofPlatform().daemon().name("outbox-" + stream + "-", 0).factory());
    }

    /** The relay's first round is over when this returns. */
    void start() {
        gauge("natter.outbox.pending", "Events not published yet, of at most 10,000 commits", () ->
                (double) pending.events());
        gauge("natter.outbox.age.seconds", "Age of the oldest event not published yet", () -> pending.seconds());
        Runnable mark = guarded(publisher::mark);
        Runnable round = guarded(() -> {
            relay.tick();
            pending = table.pending();
        });
        round.run();
        every(MARK_EVERY, mark);
        every(RELAY_EVERY, round);
    }

    private void gauge(String name, String description, Supplier<Double> value) {
        gauges.add(Metrics.globalRegistry()
                .getOrCreate(Gauge.builder(name, value)
                        .description(description)
                        .tags(List.of(Tag.create("stream", stream)))));
    }

    private void every(Duration interval, Runnable task) {
        threads.scheduleWithFixedDelay(task, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Runnable guarded(Runnable task) {
        AtomicBoolean heldUp = new AtomicBoolean();
        return () -> {
            try {
                task.run();
                if (heldUp.getAndSet(false)) {
                    LOG.log(Level.INFO, "{0}: the outbox goes on", stream);
                }
            } catch (RuntimeException failure) {
                // The database is away, or a bug: either way the next round tries again.
                if (!heldUp.getAndSet(true)) {
                    LOG.log(Level.WARNING, "{0}: the outbox is held up: {1}", stream, failure);
                }
            }
        };
    }

    /** Waits a moment for acknowledgements under way and stops the relay. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (!publisher.isIdle() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(10_000_000);
        }
        threads.shutdownNow();
        try {
            if (threads.awaitTermination(5, TimeUnit.SECONDS)) {
                publisher.mark();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException away) {
            LOG.log(Level.DEBUG, "Left unmarked: {0}", away.getMessage());
        }
        relay.close();
        gauges.forEach(Metrics.globalRegistry()::remove);
    }
}
