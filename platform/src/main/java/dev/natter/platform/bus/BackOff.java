package dev.natter.platform.bus;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Pauses that grow, told in the log at each doubling. Used by one thread. */
final class BackOff {
    private static final Logger LOG = System.getLogger(BackOff.class.getName());
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final String what;
    private Duration next = FIRST;
    private int pauses;

    BackOff(String what) {
        this.what = what;
    }

    void pause(Level level, String reason, BooleanSupplier abandoned) {
        if (Integer.bitCount(pauses++) <= 1) {
            LOG.log(level, "{0}: {1}", what, reason);
        }
        try {
            TimeUnit.NANOSECONDS.sleep(next.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(what + ": interrupted", interrupted);
        }
        if (abandoned.getAsBoolean()) {
            throw new IllegalStateException(what + ": closed");
        }
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
    }

    void reset() {
        next = FIRST;
        pauses = 0;
    }
}
