package dev.natter.realtime;

import dev.natter.contracts.Internal;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Refused;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which data set the timelines belong to, as far as message-service has ever told. If it changes (a restore from
 * backup), every number that is known here is void. Thread-safe.
 */
final class Dataset {
    private final Peer messages;
    private final AtomicReference<String> epoch = new AtomicReference<>();
    private volatile Runnable onChange = () -> {};

    Dataset(Peer messages) {
        this.messages = messages;
    }

    /** What to do when the data set is found to be another one. */
    void onChange(Runnable action) {
        onChange = action;
    }

    /** The data set's name; null only if message-service could never be reached. */
    String epoch() {
        if (epoch.get() == null) {
            try {
                messages.get("/internal/dataset", Internal.Dataset.class).ifPresent(answer -> seen(answer.epoch()));
            } catch (Refused unavailable) {
                return epoch.get();
            }
        }
        return epoch.get();
    }

    /** Takes note of an answer of message-service. */
    void seen(String current) {
        String before = epoch.getAndSet(current);
        if (before != null && !before.equals(current)) {
            onChange.run();
        }
    }
}
