package dev.natter.realtime;

import dev.natter.contracts.PresenceEvent;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.http.Json;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * Tells other gateways one thing after the other, without the one who has something to tell waiting for NATS, which may
 * stand still. What is too much meanwhile is lost. Thread-safe.
 */
final class Teller {
    private static final int MAX_WAITING = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private record Note(String subject, PresenceEvent event) {}

    private final ArrayDeque<Note> notes = new ArrayDeque<>();
    private final Bus bus;
    private boolean telling;

    Teller(Bus bus) {
        this.bus = bus;
    }

    void tell(String subject, PresenceEvent event) {
        synchronized (this) {
            if (notes.size() == MAX_WAITING) {
                return;
            }
            notes.add(new Note(subject, event));
            if (telling) {
                return;
            }
            telling = true;
        }
        Thread.startVirtualThread(this::tellAll);
    }

    /** Returns when all has been told, or soon. */
    synchronized void finish() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (long left = PATIENCE.toMillis(); telling && left > 0; left = millisUntil(deadline)) {
                wait(left);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private static long millisUntil(long deadline) {
        return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }

    private void tellAll() {
        for (Note note = next(); note != null; note = next()) {
            bus.tell(note.subject(), Json.bytes(note.event()));
        }
    }

    private synchronized Note next() {
        Note note = notes.poll();
        if (note == null) {
            telling = false;
            notifyAll();
        }
        return note;
    }
}
