package dev.natter.realtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Who is typing in a chat; whoever doesn't say so again in time has stopped. Guarded by its room. */
final class Typists {
    private final long lifetimeNanos;
    private Map<UUID, Long> deadlines;

    Typists(long lifetimeNanos) {
        this.lifetimeNanos = lifetimeNanos;
    }

    /**
     * Someone types or has stopped.
     *
     * @return whether that is worth telling
     */
    boolean told(UUID userId, boolean isTyping, long now) {
        if (isTyping) {
            if (deadlines == null) {
                deadlines = new HashMap<>();
            }
            deadlines.put(userId, now + lifetimeNanos);
            return true;
        }
        return deadlines != null && deadlines.remove(userId) != null;
    }

    /** Forgets and names those who have fallen silent. */
    List<UUID> silent(long now) {
        if (deadlines == null) {
            return List.of();
        }
        var silent = new ArrayList<UUID>();
        deadlines.forEach((userId, deadline) -> {
            if (deadline - now <= 0) {
                silent.add(userId);
            }
        });
        silent.forEach(deadlines::remove);
        if (deadlines.isEmpty()) {
            deadlines = null;
        }
        return silent;
    }
}
