package dev.natter.realtime;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Who has sockets open at this gateway. Whoever closes the last of them stays for a short grace, so that a reconnect is
 * no news; when they were last seen is remembered for as many as there is room for. Guarded by its {@link Presence}.
 */
final class Guests {
    private record Leave(long since, Instant at) {}

    private final Map<UUID, Integer> sockets = new HashMap<>();
    private final Map<UUID, Leave> leaving = new LinkedHashMap<>();
    private final Map<UUID, Instant> gone;
    private final long graceNanos;

    Guests(long graceNanos, int remembered) {
        this.graceNanos = graceNanos;
        this.gone = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<UUID, Instant> eldest) {
                return size() > remembered;
            }
        };
    }

    /**
     * One more socket of a user.
     *
     * @return whether they weren't here
     */
    boolean came(UUID userId) {
        boolean back = leaving.remove(userId) != null;
        if (sockets.merge(userId, 1, Integer::sum) > 1 || back) {
            return false;
        }
        gone.remove(userId);
        return true;
    }

    /** One socket less. */
    void left(UUID userId, long now, Instant wall) {
        if (sockets.computeIfPresent(userId, (_, count) -> count == 1 ? null : count - 1) == null) {
            leaving.put(userId, new Leave(now, wall));
        }
    }

    /** Forgets those whose grace is over, and says when they were last seen. */
    Map<UUID, Instant> leave(long now) {
        if (leaving.isEmpty()) {
            return Map.of();
        }
        var left = new LinkedHashMap<UUID, Instant>();
        for (var each = leaving.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<UUID, Leave> next = each.next();
            if (now - next.getValue().since() < graceNanos) {
                break;
            }
            left.put(next.getKey(), next.getValue().at());
            each.remove();
        }
        gone.putAll(left);
        return left;
    }

    boolean has(UUID userId) {
        return sockets.containsKey(userId) || leaving.containsKey(userId);
    }

    /** When a user who isn't here was last seen here, or null. */
    Instant lastSeen(UUID userId) {
        return gone.get(userId);
    }

    int size() {
        return sockets.size() + leaving.size();
    }
}
