package dev.natter.realtime;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has many sockets write what waits for them, without making their chat wait. The sockets of one delivery are written
 * by a virtual thread in turn; if a socket blocks it (its client doesn't read), {@link #rescue} finds the run standing
 * still and sends another thread to go on with the next socket, so one dead client delays nobody for longer than a
 * tick. Thread-safe.
 */
final class Fanout {
    private static final int PER_THREAD = 128;
    private static final int MAX_THREADS = Runtime.getRuntime().availableProcessors();

    private static final class Run implements Runnable {
        private final List<Outbound> ready;
        private final Set<Run> runs;
        private final AtomicInteger next = new AtomicInteger();
        private int seen;

        Run(List<Outbound> ready, Set<Run> runs) {
            this.ready = ready;
            this.runs = runs;
        }

        @Override
        public void run() {
            for (int i = next.getAndIncrement(); i < ready.size(); i = next.getAndIncrement()) {
                ready.get(i).flush();
            }
            runs.remove(this);
        }

        boolean standsStill() {
            int now = next.get();
            boolean still = now == seen && now < ready.size();
            seen = now;
            return still;
        }
    }

    private final Set<Run> runs = ConcurrentHashMap.newKeySet();

    /**
     * Has these write; returns at once.
     *
     * @param ready those whose writer's role the caller has
     */
    void flush(List<Outbound> ready) {
        if (ready.isEmpty()) {
            return;
        }
        Run run = new Run(ready, runs);
        runs.add(run);
        int threads = Math.min(MAX_THREADS, 1 + ready.size() / PER_THREAD);
        for (int i = 0; i < threads; i++) {
            Thread.startVirtualThread(run);
        }
    }

    /** Helps every run that has not moved since the last call. */
    void rescue() {
        for (Run run : runs) {
            if (run.standsStill()) {
                Thread.startVirtualThread(run);
            }
        }
    }
}
