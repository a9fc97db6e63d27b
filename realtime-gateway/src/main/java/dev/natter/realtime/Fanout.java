package dev.natter.realtime;

import dev.natter.platform.trace.Span;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Has many sockets write what waits for them, without making their chat wait. The sockets of one delivery are written
 * by virtual threads in turn: those of a few soon, those of many cheaply, which is to wait a moment for more that goes
 * out with the same writes. If sockets block a thread (their clients don't read), {@link #rescue} finds the run
 * standing still and sends as many threads more as are stuck, so that any number of dead clients delay the others for a
 * few ticks. Thread-safe.
 */
final class Fanout {
    /** Writing to so many takes milliseconds. */
    private static final int MANY = 512;

    /** Sockets of a thread, of few: half a millisecond of writing. */
    private static final int OF_FEW = 64;

    /**
     * Sockets of a thread, of many. More threads would be done sooner, but have less to join, and crowd out readers.
     */
    private static final int OF_MANY = 1024;

    /** What is sent at once arrives within this: the first is often committed alone, the rest with the next flush. */
    private static final long PATIENCE_NANOS = 2_000_000;

    private static final int MAX_THREADS = Runtime.getRuntime().availableProcessors();

    private final class Run implements Runnable {
        private final List<Outbound> ready;
        private final Span span;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private int threads;
        private int seen;

        Run(List<Outbound> ready) {
            this.ready = ready;
            this.span = Span.current().child(Span.Kind.INTERNAL, "write").tag("sockets", ready.size());
        }

        @Override
        public void run() {
            if (ready.size() >= MANY && next.get() == 0) {
                LockSupport.parkNanos(PATIENCE_NANOS);
            }
            for (int i = next.getAndIncrement(); i < ready.size(); i = next.getAndIncrement()) {
                try {
                    ready.get(i).flush();
                } finally {
                    if (done.incrementAndGet() == ready.size()) {
                        span.end();
                    }
                }
            }
            runs.remove(this);
        }

        /** Sends more threads; only from one thread at a time. */
        void reinforce(int more) {
            threads += more;
            for (int i = 0; i < more; i++) {
                Thread.startVirtualThread(this);
            }
        }

        /** If not every thread has done something since the last call, some are stuck. */
        void rescue() {
            int now = done.get();
            int left = ready.size() - next.get();
            if (left <= 0) {
                runs.remove(this);
            } else if (now - seen < threads) {
                reinforce(Math.min(threads, left));
            }
            seen = now;
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
        Run run = new Run(ready);
        int each = ready.size() < MANY ? OF_FEW : OF_MANY;
        run.reinforce(Math.min(MAX_THREADS, 1 + ready.size() / each));
        runs.add(run);
    }

    /** Helps every run that has not moved since the last call. */
    void rescue() {
        runs.forEach(Run::rescue);
    }
}
