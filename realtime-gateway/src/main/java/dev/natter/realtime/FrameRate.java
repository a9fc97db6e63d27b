package dev.natter.realtime;

import java.util.concurrent.TimeUnit;

/**
 * How many frames a client may send: a bucket that refills evenly. Who goes on although the bucket is empty is told so,
 * and after another bucketful closed. Used by one thread.
 */
final class FrameRate {
    /** What to do with a frame. */
    enum Verdict {
        FINE,
        REFUSED,
        TOO_MUCH
    }

    private final int burst;
    private final long nanosPerFrame;
    private long credit;
    private long refused;
    private long last;

    FrameRate(int perSecond, int burst, long now) {
        this.burst = burst;
        this.nanosPerFrame = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.credit = burst * nanosPerFrame;
        this.last = now;
    }

    Verdict take(long now) {
        credit = Math.min(burst * nanosPerFrame, credit + now - last);
        last = now;
        if (credit >= nanosPerFrame) {
            credit -= nanosPerFrame;
            refused = Math.max(0, refused - 1);
            return Verdict.FINE;
        }
        return ++refused > burst ? Verdict.TOO_MUCH : Verdict.REFUSED;
    }

    /** How long until a frame is fine again. */
    long retryAfterMillis() {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanosPerFrame - credit));
    }
}
