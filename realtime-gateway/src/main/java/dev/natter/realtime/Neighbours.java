package dev.natter.realtime;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The other gateways, as far as they are heard. What each tells is numbered, so what was missed shows as a hole. One
 * that has been silent for longer than a lease is dead; silence counts only while we hear ourselves, since else it is
 * NATS that is silent. Guarded by its {@link Presence}.
 */
final class Neighbours {
    /** How something that was told follows on what was told before. */
    enum News {
        /** It is the next. */
        NEXT,
        /** It was known. */
        OLD,
        /** Something before it was missed, or the gateway wasn't known. */
        HOLE
    }

    private static final class Neighbour {
        private long number;
        private long heardAt;
        private Instant heard;
        private boolean closing;
    }

    private final Map<String, Neighbour> known = new HashMap<>();
    private final long leaseNanos;
    private final long graceNanos;

    Neighbours(long leaseNanos, long graceNanos) {
        this.leaseNanos = leaseNanos;
        this.graceNanos = graceNanos;
    }

    /** A gateway tells something. */
    News heard(String gateway, long number, boolean closing, long now, Instant wall) {
        Neighbour neighbour = known.get(gateway);
        News news = neighbour == null || number > neighbour.number + 1
                ? News.HOLE
                : number == neighbour.number + 1 ? News.NEXT : News.OLD;
        if (news != News.OLD) {
            Neighbour current = known.computeIfAbsent(gateway, _ -> new Neighbour());
            current.number = number;
            current.closing = closing;
            current.heardAt = now;
            current.heard = wall;
        }
        return news;
    }

    /** The number of what a gateway told last; 0 for one that isn't known. */
    long number(String gateway) {
        Neighbour neighbour = known.get(gateway);
        return neighbour == null ? 0 : neighbour.number;
    }

    Set<String> names() {
        return Set.copyOf(known.keySet());
    }

    /** None could be heard for a while, and that was not their fault. */
    void pardon(long now) {
        known.values().forEach(neighbour -> neighbour.heardAt = now);
    }

    /**
     * Forgets the dead.
     *
     * @param now when we last heard ourselves
     * @return which they are, and when each was last heard
     */
    Map<String, Instant> buryDead(long now) {
        var dead = new HashMap<String, Instant>();
        known.forEach((gateway, neighbour) -> {
            if (now - neighbour.heardAt > (neighbour.closing ? graceNanos : leaseNanos)) {
                dead.put(gateway, neighbour.heard);
            }
        });
        dead.keySet().forEach(known::remove);
        return dead;
    }
}
