package dev.natter.message;

import dev.natter.platform.http.Refused;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;

/**
 * One commit lane. A change that finds it empty is committed by its own thread at once, which spares a lone send two
 * hand-overs; what comes meanwhile gathers for the lane's thread. Only one of them commits at a time, and nobody passes
 * those who wait. Thread-safe.
 */
final class Lane {
    private static final Logger LOG = System.getLogger(Lane.class.getName());

    /**
     * A change and whoever waits for it.
     *
     * @param change null for the one that ends the lane
     * @param since when it came, of {@link System#nanoTime}
     */
    private record Waiting(Change change, CompletableFuture<Outcome> outcome, long since) {
        Waiting(Change change) {
            this(change, new CompletableFuture<>(), System.nanoTime());
        }
    }

    private final BiConsumer<List<Change>, ObjIntConsumer<Outcome>> transaction;
    private final LaneMeters meters;
    private final int batch;
    private final BlockingQueue<Waiting> queue;
    private final ReentrantLock committing = new ReentrantLock();

    /** Changes that wait or are being committed. */
    private final AtomicInteger present = new AtomicInteger();

    /** What the lane's thread has taken to commit together. */
    private final List<Waiting> gathered = Collections.synchronizedList(new ArrayList<>());

    private final Thread thread;

    Lane(
            String name,
            BiConsumer<List<Change>, ObjIntConsumer<Outcome>> transaction,
            MessageConfig config,
            LaneMeters meters) {
        this.transaction = transaction;
        this.meters = meters;
        this.batch = config.batch();
        this.queue = new ArrayBlockingQueue<>(config.queue());
        meters.depth(name, queue::size);
        this.thread = Thread.ofVirtual().name("lane-" + name).start(this::run);
    }

    /**
     * Takes a change.
     *
     * @return its outcome, now or later; null if too many wait
     */
    CompletableFuture<Outcome> join(Change change) {
        var waiting = new Waiting(change);
        if (present.compareAndSet(0, 1)) {
            committing.lock();
            commit(List.of(waiting));
            return waiting.outcome;
        }
        present.incrementAndGet();
        if (queue.offer(waiting)) {
            return waiting.outcome;
        }
        present.decrementAndGet();
        return null;
    }

    private void run() {
        boolean open = true;
        while (open) {
            try {
                gathered.add(queue.take());
            } catch (InterruptedException stopped) {
                return;
            }
            // Whoever found the lane empty may still be committing: all that comes until then goes along.
            committing.lock();
            queue.drainTo(gathered, batch - 1);
            open = !gathered.removeIf(waiting -> waiting.change == null);
            commit(gathered);
            gathered.clear();
        }
        gathered.clear();
        queue.drainTo(gathered);
        gathered.forEach(
                waiting -> waiting.outcome.completeExceptionally(Problems.busy().refuse()));
    }

    /** Ends the turn to commit, which the caller has. */
    private void commit(List<Waiting> together) {
        try {
            if (!together.isEmpty()) {
                flush(together);
            }
        } finally {
            committing.unlock();
            present.addAndGet(-together.size());
        }
    }

    private void flush(List<Waiting> together) {
        try {
            meters.batch(together.size());
            transaction.accept(
                    together.stream().map(Waiting::change).toList(),
                    (outcome, place) -> together.get(place).outcome.complete(outcome));
        } catch (Refused unavailable) {
            meters.failed();
            together.forEach(waiting -> waiting.outcome.completeExceptionally(unavailable));
        } catch (RuntimeException bug) {
            meters.failed();
            List<Waiting> untold = together.stream()
                    .filter(waiting -> !waiting.outcome.isDone())
                    .toList();
            if (untold.isEmpty()) {
                // Whatever failed after that, nobody waits for it.
                LOG.log(Level.ERROR, "A batch was committed, but something failed afterwards", bug);
            } else if (together.size() == 1) {
                together.getFirst().outcome.completeExceptionally(bug);
            } else {
                LOG.log(Level.WARNING, "A batch of {0} failed; trying its changes one by one", together.size());
                untold.forEach(waiting -> flush(List.of(waiting)));
            }
        } catch (Error grave) {
            // Out of memory, say: whether it is written can't be known, but the lane must live on.
            meters.failed();
            LOG.log(Level.ERROR, "A batch failed gravely", grave);
            together.forEach(waiting -> waiting.outcome.completeExceptionally(grave));
        }
    }

    /** Tells those who have waited for others since before then to wait no longer. Theirs may still be written. */
    void giveUp(long before) {
        Stream.concat(List.copyOf(gathered).stream(), queue.stream())
                .takeWhile(waiting -> waiting.since - before < 0)
                .forEach(waiting -> waiting.outcome.completeExceptionally(
                        Problems.notInTime().refuse()));
    }

    /** Commits what waits and ends; nothing may be taken any more. */
    void end(Duration patience) throws InterruptedException {
        queue.put(new Waiting(null));
        thread.join(patience);
    }
}
