package dev.natter.realtime;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.natter.contracts.Subjects;
import dev.natter.contracts.UserEvent;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import java.time.Duration;

/**
 * Sessions that ended before their tokens did: closes their sockets, and remembers them for as long as such a token may
 * still be shown. Thread-safe.
 */
final class EndedSessions {
    private static final System.Logger LOG = System.getLogger(EndedSessions.class.getName());

    /** The longest that an access token can be told to live. */
    private static final Duration TOKEN_LIFE = Duration.ofDays(1);

    private static final int MOST = 200_000;

    private final Cache<String, Boolean> ended =
            Caffeine.newBuilder().expireAfterWrite(TOKEN_LIFE).maximumSize(MOST).build();
    private final Sockets sockets;

    EndedSessions(Sockets sockets) {
        this.sockets = sockets;
    }

    void listen(Bus bus) {
        bus.subscribe(Subjects.SESSIONS_ENDED, this::arrived);
    }

    boolean contains(String sessionId) {
        return ended.getIfPresent(sessionId) != null;
    }

    // First remembered, then looked for: whoever opens a socket is first found and then looks here.
    private void arrived(Delivery delivery) {
        try {
            if (Json.parse(delivery.payload(), UserEvent.class) instanceof UserEvent.SessionEnded event
                    && event.sessionId() != null) {
                ended.put(event.sessionId(), true);
                sockets.end(event.sessionId());
            }
        } catch (IllegalArgumentException notOurs) {
            LOG.log(System.Logger.Level.WARNING, "An unreadable event on {0}", delivery.subject());
        }
    }
}
