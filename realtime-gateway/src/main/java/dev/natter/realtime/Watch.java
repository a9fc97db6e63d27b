package dev.natter.realtime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * One user whom somebody here watches: who watches, where else the user is online, and what the watchers were told.
 * Guarded by its {@link Presence}.
 */
final class Watch {
    /** Someone who asked and must still be answered. */
    record Owed(Socket socket, String ref) {}

    private final UUID userId;
    private final List<Circle> circles = new ArrayList<>(1);
    private final List<String> elsewhere = new ArrayList<>(1);
    private Set<Socket> askers = Set.of();
    private List<Owed> owed = List.of();
    private Instant lastSeen;
    private boolean settled;
    private boolean told;
    private long toldAt;
    private boolean waiting;

    Watch(UUID userId, boolean online, Instant lastSeen, long toldAt) {
        this.userId = userId;
        this.told = online;
        this.lastSeen = lastSeen;
        this.toldAt = toldAt;
    }

    UUID userId() {
        return userId;
    }

    void watchedBy(Circle circle) {
        circles.add(circle);
    }

    void unwatchedBy(Circle circle) {
        circles.remove(circle);
    }

    void askedBy(Socket socket) {
        if (askers.isEmpty()) {
            askers = new LinkedHashSet<>();
        }
        askers.add(socket);
    }

    void unaskedBy(Socket socket) {
        if (!askers.isEmpty() && askers.remove(socket) && askers.isEmpty()) {
            askers = Set.of();
        }
        if (!owed.isEmpty()) {
            owed.removeIf(one -> one.socket() == socket);
        }
    }

    boolean isAskedBy(Socket socket) {
        return askers.contains(socket);
    }

    Set<Socket> askers() {
        return askers;
    }

    boolean isUnwatched() {
        return circles.isEmpty() && askers.isEmpty();
    }

    /** Someone is to be answered when all is known that can be. */
    void owe(Owed one) {
        if (owed.isEmpty()) {
            owed = new ArrayList<>(1);
        }
        owed.add(one);
    }

    /** All is known that can be. */
    void settle() {
        settled = true;
    }

    /** Whom to answer, each once. */
    List<Owed> pay() {
        List<Owed> all = owed;
        owed = List.of();
        return all;
    }

    boolean isSettled() {
        return settled;
    }

    /** Another gateway has the user, or hasn't. */
    void isAt(String gateway, boolean online, Instant seen) {
        elsewhere.remove(gateway);
        if (online) {
            elsewhere.add(gateway);
        }
        seen(seen);
    }

    void seen(Instant at) {
        if (at != null && (lastSeen == null || at.isAfter(lastSeen))) {
            lastSeen = at;
        }
    }

    boolean isElsewhere() {
        return !elsewhere.isEmpty();
    }

    boolean isAt(String gateway) {
        return elsewhere.contains(gateway);
    }

    /** Whether watchers believe the user to be online. */
    boolean told() {
        return told;
    }

    long toldAt() {
        return toldAt;
    }

    void tell(boolean online, long now) {
        told = online;
        toldAt = now;
    }

    /** Whether a change waits for its time to be told. */
    boolean isWaiting() {
        return waiting;
    }

    void setWaiting(boolean isWaiting) {
        waiting = isWaiting;
    }

    ServerFrame.Presence frame(String ref) {
        return new ServerFrame.Presence(ref, userId, told, told ? null : lastSeen);
    }

    /** Everyone who is to be told of a change, each once: not the user's own sockets, unless they asked. */
    Set<Socket> audience() {
        var audience = new LinkedHashSet<Socket>(askers);
        for (Circle circle : circles) {
            for (Seat seat : circle.seats()) {
                if (!seat.socket().userId().equals(userId)) {
                    audience.add(seat.socket());
                }
            }
        }
        owed.forEach(one -> audience.remove(one.socket()));
        return audience;
    }
}
