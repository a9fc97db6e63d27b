package dev.natter.message;

import dev.natter.platform.http.Refused;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;

/**
 * Group commit, lifted to the application. A change joins the lane of its chat; while a lane's commit is being flushed,
 * the next changes gather, and the lane then writes all of them in one transaction. No timer and no added wait: a lone
 * change is a batch of one.
 *
 * <p>A chat always has the same lane, so its changes commit in the order of their arrival here. Thread-safe.
 */
final class CommitLanes implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final List<Lane> lanes;
    private final Duration timeout;
    private final Thread lookout;
    private volatile boolean closed;

    /**
     * Starts the lanes.
     *
     * @param transaction commits a batch as {@link Timeline#commit} does; by each lane one after the other
     * @param config how many lanes, and how much is in them
     */
    CommitLanes(BiConsumer<List<Change>, ObjIntConsumer<Outcome>> transaction, MessageConfig config) {
        var meters = new LaneMeters();
        this.timeout = config.timeout();
        this.lanes = IntStream.range(0, config.lanes())
                .mapToObj(lane -> new Lane(String.valueOf(lane), transaction, config, meters))
                .toList();
        this.lookout = Thread.ofVirtual().name("lanes-lookout").start(this::lookOut);
    }

    /** Looks for those who wait too long: a timer for each would wake the JDK's timekeeper for each. */
    private void lookOut() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            long before = System.nanoTime() - timeout.toNanos();
            lanes.forEach(lane -> lane.giveUp(before));
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
        CompletableFuture<Outcome> outcome =
                closed ? null : laneOf(change.chatId()).join(change);
        if (outcome == null) {
            throw Problems.busy().refuse();
        }
        try {
            return outcome.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
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
            for (Lane lane : lanes) {
                lane.end(timeout);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        lookout.interrupt();
    }

    private Lane laneOf(UUID chatId) {
        // The high bits of a UUIDv7 are a clock: chats made together would share a lane.
        return lanes.get(Math.floorMod(Long.hashCode(chatId.getLeastSignificantBits()), lanes.size()));
    }
}
