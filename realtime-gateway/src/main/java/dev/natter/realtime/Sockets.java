package dev.natter.realtime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** The open sockets of this node. Thread-safe. */
final class Sockets {
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<UUID, Integer> perUser = new ConcurrentHashMap<>();
    private final int maxPerUser;
    private final long spreadMillis;
    private final Fanout fanout;
    private final Backlog backlog;
    private final Sightings sightings;
    private volatile boolean draining;

    /**
     * None yet.
     *
     * @param config how many a user may have, and over how long those that are sent away come back
     * @param fanout who writes
     * @param backlog what waits in all of them
     * @param sightings who is told of who comes and goes
     */
    Sockets(RealtimeConfig config, Fanout fanout, Backlog backlog, Sightings sightings) {
        this.maxPerUser = config.socketsPerUser();
        this.spreadMillis = config.reconnectSpread().toMillis();
        this.fanout = fanout;
        this.backlog = backlog;
        this.sightings = sightings;
    }

    /** Whether no new ones are wanted. */
    boolean isDraining() {
        return draining;
    }

    /** Counts a new one, unless its user has too many; to be undone by {@link #release} or {@link #remove}. */
    boolean reserve(UUID userId) {
        boolean fits = perUser.merge(userId, 1, Integer::sum) <= maxPerUser;
        if (!fits) {
            release(userId);
        }
        return fits;
    }

    /** A reserved one won't be opened. */
    void release(UUID userId) {
        perUser.computeIfPresent(userId, (_, count) -> count == 1 ? null : count - 1);
    }

    /** A reserved one is open. */
    void add(Socket socket) {
        open.add(socket);
        sightings.came(socket);
        if (draining) {
            goAway(List.of(socket));
        }
    }

    /** An open one is gone. */
    void remove(Socket socket) {
        open.remove(socket);
        sightings.left(socket);
        release(socket.userId());
        if (draining) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    int size() {
        return open.size();
    }

    /** What waits in all of them together. */
    Backlog backlog() {
        return backlog;
    }

    /** Sees to it that not too much waits in all of them together. */
    void relieve() {
        fanout.flush(backlog.relieve(open, System.nanoTime()));
    }

    /** Time passes. */
    void tick(long now, Instant wall) {
        var ready = new ArrayList<Outbound>();
        for (Socket socket : open) {
            if (socket.tick(now, wall)) {
                ready.add(socket.outbound());
            }
        }
        fanout.flush(ready);
    }

    /** The sessions that the open ones belong to. */
    Set<String> sessions() {
        return open.stream().map(socket -> socket.caller().sessionId()).collect(Collectors.toSet());
    }

    /** A session has ended, and so do its sockets. */
    void end(String sessionId) {
        var ready = new ArrayList<Outbound>();
        for (Socket socket : open) {
            if (socket.caller().sessionId().equals(sessionId)
                    && socket.outbound().offerClose(CloseCode.SESSION_ENDED)) {
                ready.add(socket.outbound());
            }
        }
        fanout.flush(ready);
    }

    /** Sends all of them away; they may come back at once. */
    void restart() {
        goAway(open);
    }

    /** Wants no new ones, sends all of them away, and returns when they are gone or have been cut off. */
    synchronized void drain(long patienceMillis) {
        draining = true;
        goAway(open);
        long deadline = System.nanoTime() + patienceMillis * 1_000_000;
        try {
            for (long left = patienceMillis;
                    !open.isEmpty() && left > 0;
                    left = (deadline - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        open.forEach(Socket::cut);
    }

    private void goAway(Iterable<Socket> sockets) {
        var ready = new ArrayList<Outbound>();
        for (Socket socket : sockets) {
            long after = ThreadLocalRandom.current().nextLong(spreadMillis);
            Frame reconnect = new ServerFrame.Reconnect(after, CloseCode.RESTART.reason()).frame();
            boolean first = socket.outbound().offer(reconnect);
            boolean second = socket.outbound().offerClose(CloseCode.RESTART);
            if (first || second) {
                ready.add(socket.outbound());
            }
        }
        fanout.flush(ready);
    }
}
