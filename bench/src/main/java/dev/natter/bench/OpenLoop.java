package dev.natter.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Something that is begun so often a second, whether what was begun before is done or not, and timed from when it
 * should have begun: what waits because the system stalls is counted with all of its wait (coordinated omission).
 *
 * @param perSecond how often
 * @param warmUp for how long it isn't counted
 * @param length for how long it is
 */
record OpenLoop(int perSecond, Duration warmUp, Duration length) {
    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

    /** Begins one; must not wait for its end. */
    interface Start {
        void of(int number) throws IOException;
    }

    /** When each was done, and for the last time if it is done many times. */
    static final class Ends {
        private final AtomicReferenceArray<Long> times;
        private final int[] left;

        private Ends(int count, int each) {
            times = new AtomicReferenceArray<>(count);
            left = new int[count];
            Arrays.fill(left, each);
        }

        /** One of the times that it is done; by one thread. */
        void done(long number) {
            if (--left[(int) number] == 0) {
                times.set((int) number, System.nanoTime());
            }
        }
    }

    /** What is to be told of ends. */
    Ends ends(int each) {
        return new Ends(count(), each);
    }

    private int count() {
        return (int) (perSecond * (warmUp.toMillis() + length.toMillis()) / 1000);
    }

    /**
     * Runs it.
     *
     * @return how long each took, nanoseconds
     * @throws IOException if one can't be begun, or isn't done ten seconds after the last was begun
     */
    Histogram run(Start start, Ends ends) throws IOException {
        long interval = 1_000_000_000L / perSecond;
        long begin = System.nanoTime();
        for (int number = 0; number < count(); number++) {
            long due = begin + number * interval;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            start.of(number);
        }
        var all = new Histogram(LONGEST_NANOS, 3);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (int number = 0; number < count(); number++) {
            while (ends.times.get(number) == null) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("Number " + number + " never ended");
                }
                LockSupport.parkNanos(1_000_000);
            }
            if (number * interval >= warmUp.toNanos()) {
                all.recordValue(ends.times.get(number) - begin - number * interval);
            }
        }
        return all;
    }
}
