package dev.natter.realtime;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.natter.contracts.Internal;
import dev.natter.contracts.Subjects;
import dev.natter.contracts.UserEvent;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sessions that ended before their tokens did: closes their sockets, and remembers them for as long as such a token may
 * still be shown. What may have been missed is asked for until auth-service has answered. Thread-safe.
 */
final class EndedSessions {
    private static final System.Logger LOG = System.getLogger(EndedSessions.class.getName());

    /** The longest that an access token can be told to live. */
    private static final Duration TOKEN_LIFE = Duration.ofDays(1);

    private static final int MOST = 200_000;
    private static final int BATCH = 1_000;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Cache<String, Boolean> ended =
            Caffeine.newBuilder().expireAfterWrite(TOKEN_LIFE).maximumSize(MOST).build();
    private final Sockets sockets;
    private final Peer auth;
    private final AtomicLong doubts = new AtomicLong();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long settled;
    private volatile long notBefore = System.nanoTime();

    EndedSessions(Sockets sockets, Peer auth) {
        this.sockets = sockets;
        this.auth = auth;
    }

    void listen(Bus bus) {
        bus.subscribe(Subjects.SESSIONS_ENDED, this::arrived);
    }

    boolean contains(String sessionId) {
        return ended.getIfPresent(sessionId) != null;
    }

    /** Some ends may have been missed. */
    void doubt() {
        doubts.incrementAndGet();
    }

    /** Time passes. */
    void tick(long now) {
        if (doubts.get() != settled && now - notBefore >= 0 && looking.compareAndSet(false, true)) {
            Thread.startVirtualThread(this::look);
        }
    }

    private void look() {
        long asked = doubts.get();
        try {
            List<String> all = new ArrayList<>(sockets.sessions());
            for (int from = 0; from < all.size(); from += BATCH) {
                check(new HashSet<>(all.subList(from, Math.min(all.size(), from + BATCH))));
            }
            settled = asked;
        } catch (Refused unavailable) {
            notBefore = System.nanoTime() + RETRY_NANOS;
        } catch (RuntimeException wrong) {
            LOG.log(System.Logger.Level.ERROR, "Asking which sessions have ended failed", wrong);
            notBefore = System.nanoTime() + RETRY_NANOS;
        } finally {
            looking.set(false);
        }
    }

    private void check(Set<String> ids) {
        var alive = auth.post("/internal/sessions/alive", new Internal.SessionIds(ids), Internal.SessionIds.class);
        ids.removeAll(alive.ids());
        ids.forEach(this::end);
    }

    private void arrived(Delivery delivery) {
        try {
            if (Json.parse(delivery.payload(), UserEvent.class) instanceof UserEvent.SessionEnded event
                    && event.sessionId() != null) {
                end(event.sessionId());
            }
        } catch (IllegalArgumentException notOurs) {
            LOG.log(System.Logger.Level.WARNING, "An unreadable event on {0}", delivery.subject());
        }
    }

    // First remembered, then looked for: whoever opens a socket is first found and then looks here.
    private void end(String sessionId) {
        ended.put(sessionId, true);
        sockets.end(sessionId);
    }
}
