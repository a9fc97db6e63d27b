package dev.natter.message;

import dev.natter.platform.http.Refused;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.DistributionSummary;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Group commit, lifted to the application. A change joins the lane of its chat; while a lane's commit is being flushed,
 * the next changes gather, and the lane then writes all of them in one transaction. No timer and no added wait: a lone
 * change is a batch of one.
 *
 * <p>A chat always has the same lane, so its changes commit in the order of their arrival here. Thread-safe.
 */
final class CommitLanes implements AutoCloseable {
    private static final Logger LOG = System.getLogger(CommitLanes.class.getName());

    /** A change and whoever waits for it; the change is null for the one that ends a lane. */
    private record Waiting(Change change, CompletableFuture<Outcome> outcome) {}

    private final Timeline timeline;
    private final int batch;
    private final Duration timeout;
    private final List<BlockingQueue<Waiting>> queues = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final DistributionSummary batchSizes;
    private final Counter failures;
    private volatile boolean closed;

    CommitLanes(Timeline timeline, MessageConfig config) {
        this.timeline = timeline;
        this.batch = config.batch();
        this.timeout = config.timeout();
        var registry = Metrics.globalRegistry();
        this.batchSizes = registry.getOrCreate(
                DistributionSummary.builder("natter.lane.batch.size").description("Changes in one transaction"));
        this.failures = registry.getOrCreate(
                Counter.builder("natter.lane.failures").description("Transactions of a lane that failed"));
        for (int lane = 0; lane < config.lanes(); lane++) {
            var queue = new ArrayBlockingQueue<Waiting>(config.queue());
            queues.add(queue);
            registry.getOrCreate(Gauge.builder("natter.lane.depth", queue::size)
                    .description("Changes waiting in a lane")
                    .tags(List.of(Tag.create("lane", String.valueOf(lane)))));
            threads.add(Thread.ofVirtual().name("lane-" + lane).start(() -> run(queue)));
        }
    }

    /**
     * Commits a change, together with whatever waits beside it.
     *
     * @param change the change
     * @return what became of it
     * @throws Refused 503 if it could not be written, or not in time: then it may still be, and a retry of a send with
     *     its client id tells
     */
    Outcome commit(Change change) {
        var waiting = new Waiting(change, new CompletableFuture<>());
        if (closed || !laneOf(change.chatId()).offer(waiting)) {
            throw Problems.busy().refuse();
        }
        try {
            return waiting.outcome.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        } catch (TimeoutException late) {
            throw Problems.notInTime().refuse();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw Problems.notInTime().refuse();
        }
    }

    /** Commits what waits and ends the lanes; changes that come later are refused. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            for (int lane = 0; lane < queues.size(); lane++) {
                queues.get(lane).put(new Waiting(null, new CompletableFuture<>()));
                threads.get(lane).join(timeout);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private BlockingQueue<Waiting> laneOf(UUID chatId) {
        // The high bits of a UUIDv7 are a clock: chats made together would share a lane.
        return queues.get(Math.floorMod(Long.hashCode(chatId.getLeastSignificantBits()), queues.size()));
    }

    private void run(BlockingQueue<Waiting> queue) {
        List<Waiting> gathered = new ArrayList<>(batch);
        boolean open = true;
        while (open) {
            try {
                gathered.add(queue.take());
            } catch (InterruptedException stopped) {
                return;
            }
            queue.drainTo(gathered, batch - 1);
            open = !gathered.removeIf(waiting -> waiting.change == null);
            if (!gathered.isEmpty()) {
                flush(gathered);
            }
            gathered.clear();
        }
        gathered.clear();
        queue.drainTo(gathered);
        gathered.forEach(
                waiting -> waiting.outcome.completeExceptionally(Problems.busy().refuse()));
    }

    private void flush(List<Waiting> gathered) {
        try {
            batchSizes.record(gathered.size());
            List<Outcome> outcomes =
                    timeline.commit(gathered.stream().map(Waiting::change).toList());
            for (int i = 0; i < outcomes.size(); i++) {
                gathered.get(i).outcome.complete(outcomes.get(i));
            }
        } catch (Refused unavailable) {
            failures.increment();
            gathered.forEach(waiting -> waiting.outcome.completeExceptionally(unavailable));
        } catch (RuntimeException bug) {
            failures.increment();
            if (gathered.size() == 1) {
                gathered.getFirst().outcome.completeExceptionally(bug);
                return;
            }
            LOG.log(Level.WARNING, "A batch of {0} failed; trying its changes one by one", gathered.size());
            gathered.forEach(waiting -> flush(List.of(waiting)));
        } catch (Error grave) {
            // Out of memory, say: whether it is written can't be known, but the lane must live on.
            failures.increment();
            LOG.log(Level.ERROR, "A batch failed gravely", grave);
            gathered.forEach(waiting -> waiting.outcome.completeExceptionally(grave));
        }
    }
}
