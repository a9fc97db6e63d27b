package dev.natter.realtime;

import dev.natter.platform.http.Json;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Refused;
import dev.natter.platform.http.RequestLimits;
import dev.natter.platform.http.Routes;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/**
 * {@code GET /api/limits}: every limit that a client can run into, as the services that enforce them tell it. A service
 * that doesn't answer is passed by: what it told last still stands, and nothing else waits for it. Thread-safe.
 */
final class LimitsApi {
    private static final System.Logger LOG = System.getLogger(LimitsApi.class.getName());
    private static final Duration COMPLETE = Duration.ofSeconds(30);
    private static final Duration INCOMPLETE = Duration.ofSeconds(2);
    private static final Header CACHE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "public, max-age=30");

    /**
     * What holds here.
     *
     * @param socket the limits of a socket, as {@code hello} tells them
     * @param requests what holds for requests in general
     */
    private record RealtimeLimits(ServerFrame.Limits socket, RequestLimits requests) {}

    private final Map<String, Peer> peers;
    private final ServerFrame.Limits own;
    private final Map<String, JsonNode> told = new ConcurrentHashMap<>();
    private final ReentrantLock asking = new ReentrantLock();
    private volatile long askAgain = System.nanoTime();

    /**
     * Knows nothing yet.
     *
     * @param peers whom to ask, by the name of the section that they fill
     * @param own what holds for sockets
     */
    LimitsApi(Map<String, Peer> peers, ServerFrame.Limits own) {
        this.peers = new TreeMap<>(peers);
        this.own = own;
    }

    void routes(Routes open) {
        open.anonymous(Method.GET, "/api/limits", (request, response) -> tell(open.limits(), response));
    }

    private void tell(RequestLimits requests, ServerResponse response) {
        if (askAgain - System.nanoTime() <= 0) {
            refresh();
        }
        Map<String, Object> sections = new LinkedHashMap<>();
        peers.keySet().forEach(section -> sections.put(section, told.get(section)));
        sections.put("realtime", new RealtimeLimits(own, requests));
        response.header(CACHE);
        Json.send(response, Status.OK_200, sections);
    }

    /** Asks all who are to be asked; while somebody is at it, the others go by what was told before. */
    private void refresh() {
        if (told.isEmpty()) {
            asking.lock();
        } else if (!asking.tryLock()) {
            return;
        }
        try {
            if (askAgain - System.nanoTime() <= 0) {
                Duration pause = askAll() ? COMPLETE : INCOMPLETE;
                askAgain = System.nanoTime() + pause.toNanos();
            }
        } finally {
            asking.unlock();
        }
    }

    private boolean askAll() {
        var complete = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            peers.forEach((section, peer) -> threads.execute(() -> {
                if (!ask(section, peer)) {
                    complete.set(false);
                }
            }));
        }
        return complete.get();
    }

    private boolean ask(String section, Peer peer) {
        try {
            peer.get("/internal/limits/" + peer.name(), JsonNode.class).ifPresent(limits -> told.put(section, limits));
            return true;
        } catch (Refused | IllegalArgumentException untold) {
            LOG.log(System.Logger.Level.DEBUG, "The limits of {0} are not known now", peer.name());
            return false;
        }
    }
}
