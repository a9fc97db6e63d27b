package dev.natter.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for conditions, and for the pace of somebody who isn't in a hurry. */
final class Wait {
    private static final long STEP_NANOS = 20_000_000;

    private Wait() {}

    /** Waits for a condition. */
    static void until(String what, Duration patience, BooleanSupplier condition) {
        if (!met(patience, condition)) {
            throw new IllegalStateException("Waited " + patience.toSeconds() + " s in vain for " + what);
        }
    }

    /** Whether a condition is met in time. */
    static boolean met(Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }

    /** Lets some time pass, unless a condition ends it. */
    static void pause(long millis, BooleanSupplier ended) {
        met(Duration.ofMillis(millis), ended);
    }
}
