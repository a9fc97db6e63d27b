package dev.natter.message;

import dev.natter.platform.http.Refused;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;

/**
 * One commit lane. A change that finds it empty is committed by its own thread at once, which spares a lone send two
 * hand-overs; what comes meanwhile gathers for the lane's thread. Only one of them commits at a time, and nobody passes
 * those who wait. Thread-safe.
 */
final class Lane {
    private static final Logger LOG = System.getLogger(Lane.class.getName());

    /** A change and whoever waits for it; the change is null for the one that ends the lane. */
    private record Waiting(Change change, CompletableFuture<Outcome> outcome) {}

    private final BiConsumer<List<Change>, ObjIntConsumer<Outcome>> transaction;
    private final LaneMeters meters;
    private final int batch;
    private final BlockingQueue<Waiting> queue;
    private final ReentrantLock committing = new ReentrantLock();

    /** Changes that wait or are being committed. */
    private final AtomicInteger present = new AtomicInteger();

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
        var waiting = new Waiting(change, new CompletableFuture<>());
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
        List<Waiting> gathered = new ArrayList<>(batch);
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
    private void commit(List<Waiting> gathered) {
        try {
            if (!gathered.isEmpty()) {
                flush(gathered);
            }
        } finally {
            committing.unlock();
            present.addAndGet(-gathered.size());
        }
    }

    private void flush(List<Waiting> gathered) {
        try {
            meters.batch(gathered.size());
            transaction.accept(
                    gathered.stream().map(Waiting::change).toList(),
                    (outcome, place) -> gathered.get(place).outcome.complete(outcome));
        } catch (Refused unavailable) {
            meters.failed();
            gathered.forEach(waiting -> waiting.outcome.completeExceptionally(unavailable));
        } catch (RuntimeException bug) {
            meters.failed();
            List<Waiting> untold = gathered.stream()
                    .filter(waiting -> !waiting.outcome.isDone())
                    .toList();
            if (untold.isEmpty()) {
                // Whatever failed after that, nobody waits for it.
                LOG.log(Level.ERROR, "A batch was committed, but something failed afterwards", bug);
            } else if (gathered.size() == 1) {
                gathered.getFirst().outcome.completeExceptionally(bug);
            } else {
                LOG.log(Level.WARNING, "A batch of {0} failed; trying its changes one by one", gathered.size());
                untold.forEach(waiting -> flush(List.of(waiting)));
            }
        } catch (Error grave) {
            // Out of memory, say: whether it is written can't be known, but the lane must live on.
            meters.failed();
            LOG.log(Level.ERROR, "A batch failed gravely", grave);
            gathered.forEach(waiting -> waiting.outcome.completeExceptionally(grave));
        }
    }

    /** Commits what waits and ends; nothing may be taken any more. */
    void end(Duration patience) throws InterruptedException {
        queue.put(new Waiting(null, new CompletableFuture<>()));
        thread.join(patience);
    }
}
