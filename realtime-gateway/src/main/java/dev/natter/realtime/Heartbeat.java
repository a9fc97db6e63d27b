package dev.natter.realtime;

import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** The gateway's one clock: everything that happens because time has passed happens here, and nothing of it blocks. */
final class Heartbeat implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Heartbeat.class.getName());
    private static final long RESCUE_MILLIS = 20;
    private static final long TICK_MILLIS = 250;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("realtime-heartbeat").factory());
    private final Sockets sockets;
    private final Fanout fanout;
    private final LongConsumer[] others;

    /**
     * Not yet ticking.
     *
     * @param sockets the open sockets
     * @param fanout who writes to them
     * @param others who else wants to know that time has passed, by {@link System#nanoTime}
     */
    Heartbeat(Sockets sockets, Fanout fanout, LongConsumer... others) {
        this.sockets = sockets;
        this.fanout = fanout;
        this.others = others;
    }

    void start() {
        every(RESCUE_MILLIS, fanout::rescue);
        every(RESCUE_MILLIS, sockets::relieve);
        every(TICK_MILLIS, () -> sockets.tick(System.nanoTime(), Instant.now()));
        for (LongConsumer other : others) {
            every(TICK_MILLIS, () -> other.accept(System.nanoTime()));
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void every(long millis, Runnable action) {
        clock.scheduleWithFixedDelay(() -> guarded(action), millis, millis, TimeUnit.MILLISECONDS);
    }

    // An exception would end the schedule for good.
    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException defect) {
            LOG.log(System.Logger.Level.ERROR, "A tick failed", defect);
        }
    }
}
