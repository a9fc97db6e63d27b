package dev.natter.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Notices when the machine itself is too busy for promises in seconds: a thread that only wakes up now and then, and
 * finds that it was woken late. What is late then isn't held against anybody until the machine has caught its breath.
 */
final class Pulse implements AutoCloseable {
    private static final long BEAT = Duration.ofMillis(20).toNanos();
    private static final long LATE = Duration.ofMillis(100).toNanos();
    private static final long BEFORE = Duration.ofSeconds(1).toNanos();

    private final Recorder recorder;
    private volatile boolean closed;

    Pulse(Recorder recorder) {
        this.recorder = recorder;
        Thread.ofPlatform().daemon().name("pulse").start(this::beat);
    }

    private void beat() {
        while (!closed) {
            long slept = recorder.now();
            LockSupport.parkNanos(BEAT);
            long woken = recorder.now();
            recorder.longest("that this machine let a thread wait, ms", (woken - slept - BEAT) / 1_000_000);
            if (woken - slept - BEAT > LATE) {
                recorder.count("moments in which this machine was too busy");
                recorder.troubled(new Span(Math.max(0, slept - BEFORE), woken));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
