package dev.natter.bench;

import java.io.IOException;
import java.time.Duration;

/** Counts what one thread hears, and lets another wait for it. */
final class Tally {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private long count;
    private long awaited = Long.MAX_VALUE;

    /** One more. */
    synchronized void add() {
        if (++count == awaited) {
            notifyAll();
        }
    }

    synchronized long count() {
        return count;
    }

    /**
     * Waits until there are as many.
     *
     * @throws IOException if that takes too long
     */
    synchronized void await(long total) throws IOException {
        awaited = total;
        long end = System.nanoTime() + PATIENCE_NANOS;
        try {
            while (count < total) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IOException("Only " + count + " of " + total + " came");
                }
                wait(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }
}
