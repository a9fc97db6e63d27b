package dev.natter.realtime;

import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import java.util.UUID;
import java.util.function.Consumer;

/** A room's ears: what NATS brings of its chat. Thread-safe. */
final class Listening {
    private final UUID chatId;
    private final Consumer<Delivery> changes;
    private final Consumer<Delivery> hints;
    private Bus.Subscription timeline;
    private Bus.Subscription live;
    private boolean closed;
    private volatile boolean confirmed;

    Listening(UUID chatId, Consumer<Delivery> changes, Consumer<Delivery> hints) {
        this.chatId = chatId;
        this.changes = changes;
        this.hints = hints;
    }

    /**
     * Begins, once.
     *
     * @return whether the bus must confirm that, and {@link #confirmed} be called, before nothing can be missed
     */
    boolean begin(Bus bus) {
        synchronized (this) {
            if (timeline == null && !closed) {
                timeline = bus.subscribeSoon(Subjects.timeline(chatId), changes);
                live = bus.subscribeSoon(Subjects.live(chatId), hints);
            }
        }
        return !confirmed;
    }

    /** The bus knows. */
    void confirmed() {
        confirmed = true;
    }

    /** Ends, for good. */
    synchronized void end() {
        closed = true;
        if (timeline != null) {
            timeline.close();
            live.close();
        }
    }
}
