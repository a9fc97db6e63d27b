package dev.natter.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that moves when told to. */
public final class Hands extends Clock {
    private volatile Instant now;

    /**
     * Stands still at a time.
     *
     * @param now the time
     */
    public Hands(Instant now) {
        this.now = now;
    }

    /**
     * Moves on.
     *
     * @param by how far
     */
    public void advance(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
