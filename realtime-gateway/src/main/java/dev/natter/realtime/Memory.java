package dev.natter.realtime;

import java.util.concurrent.atomic.AtomicLong;

/** How much all chats together may remember. Thread-safe. */
final class Memory {
    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();

    Memory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes note of more, or, negative, of less. */
    void use(long bytes) {
        used.addAndGet(bytes);
    }

    long used() {
        return used.get();
    }

    /** Whether there is more than may be: whoever remembers something new must forget something. */
    boolean isFull() {
        return used.get() > maxBytes;
    }

    /** Whether those who haven't remembered anything new for long should make room. */
    boolean isTight() {
        return used.get() > maxBytes / 10 * 9;
    }
}
