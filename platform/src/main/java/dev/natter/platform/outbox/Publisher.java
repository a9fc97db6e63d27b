package dev.natter.platform.outbox;

import dev.natter.platform.bus.Bus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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

    private final Bus bus;
    private final OutboxTable table;
    private final ConcurrentLinkedQueue<Ack> acks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();

    /** The highest id that was left to the relay, 0 while there is none. */
    private final AtomicLong behind = new AtomicLong();

    Publisher(Bus bus, OutboxTable table) {
        this.bus = bus;
        this.table = table;
    }

    void afterCommit(List<Row> rows) {
        for (Row row : rows) {
            if (behind.get() > 0) {
                leave(row.id());
            } else {
                publish(row).exceptionally(failure -> {
                    LOG.log(Level.DEBUG, "Left to the relay: {0}", failure.getMessage());
                    leave(row.id());
                    return null;
                });
            }
        }
    }

    /** Publishes one row; its acknowledgement is remembered for {@link #mark}. */
    CompletableFuture<Long> publish(Row row) {
        underWay.incrementAndGet();
        return bus.publish(row.event()).whenComplete((streamSeq, failure) -> {
            if (failure == null) {
                acks.add(new Ack(row.id(), streamSeq));
            }
            underWay.decrementAndGet();
        });
    }

    private void leave(long id) {
        behind.accumulateAndGet(id, Math::max);
    }

    boolean isBehind() {
        return behind.get() > 0;
    }

    /**
     * Goes back to publishing by itself once the relay, of this process or another, has published what was left to it
     * when this was called. What was left since is published by the relay's next round; it can't be waited for, because
     * under load there is always more of it.
     */
    void catchUp() {
        long left = behind.get();
        if (left > 0 && !table.isBehind(left)) {
            behind.set(0);
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
