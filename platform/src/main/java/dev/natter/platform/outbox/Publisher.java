package dev.natter.platform.outbox;

import dev.natter.platform.bus.Bus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes right after the commit, and collects what JetStream acknowledges. As soon as anything goes wrong it steps
 * back and leaves all of it to the relay, in order, until that has caught up: otherwise the events after an outage
 * would overtake those of the outage. Thread-safe; never blocks.
 */
final class Publisher {
    private static final Logger LOG = System.getLogger(Publisher.class.getName());
    private static final int MARKS_AT_ONCE = 2000;

    /** Little enough to be published at once, while commits wait for it. */
    private static final int HAND_OVER = 200;

    private final Bus bus;
    private final OutboxTable table;
    private final ConcurrentLinkedQueue<Ack> acks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();

    /** How often something was left to the relay since that last caught up, 0 while there is nothing. */
    private final AtomicLong behind = new AtomicLong();

    Publisher(Bus bus, OutboxTable table) {
        this.bus = bus;
        this.table = table;
    }

    /** Publishes what was committed; to be called in order. */
    void afterCommit(List<Row> rows) {
        for (Row row : rows) {
            if (isBehind()) {
                leave();
            } else {
                send(row);
            }
        }
    }

    private void send(Row row) {
        publish(row).exceptionally(failure -> {
            LOG.log(Level.DEBUG, "Left to the relay: {0}", failure.getMessage());
            leave();
            return null;
        });
    }

    /** Publishes one row; its acknowledgement is remembered for {@link #mark}. */
    CompletableFuture<Long> publish(Row row) {
        underWay.incrementAndGet();
        return bus.publish(row.envelope()).whenComplete((streamSeq, failure) -> {
            if (failure == null) {
                acks.add(new Ack(row.id(), streamSeq));
            }
            underWay.decrementAndGet();
        });
    }

    /** Leaves something that was written to the relay. */
    void leave() {
        behind.incrementAndGet();
    }

    boolean isBehind() {
        return behind.get() > 0;
    }

    /**
     * Goes back to publishing by itself, if the relay has left so little that it can go out first, here and now. To be
     * called while nobody else publishes.
     */
    void catchUp() {
        long left = behind.get();
        List<Row> rows = table.unpublished(0, Duration.ZERO, HAND_OVER + 1);
        if (rows.size() <= HAND_OVER && behind.compareAndSet(left, 0)) {
            afterCommit(rows);
        }
    }

    /** Marks what was acknowledged since the last time. What can't be marked is published again, which harms nobody. */
    void mark() {
        while (!acks.isEmpty()) {
            List<Ack> batch = new ArrayList<>();
            for (Ack ack = acks.poll(); ack != null; ack = acks.poll()) {
                batch.add(ack);
                if (batch.size() == MARKS_AT_ONCE) {
                    break;
                }
            }
            table.mark(batch);
        }
    }

    boolean isIdle() {
        return underWay.get() == 0;
    }
}
