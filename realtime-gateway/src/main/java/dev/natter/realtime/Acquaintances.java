package dev.natter.realtime;

import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.Internal;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets sockets ask for the presence of those with whom their user shares a chat; all others look offline to them. Who
 * shares a chat is asked of chat-service: of each user when a socket asks for them first, and again after a removal
 * that may have been from the last shared chat. Thread-safe; blocks.
 */
final class Acquaintances {
    private static final System.Logger LOG = System.getLogger(Acquaintances.class.getName());
    private static final int CHECKS_AT_ONCE = 4;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Peer chats;
    private final Presence presence;
    private final Semaphore checks = new Semaphore(CHECKS_AT_ONCE);
    private final AtomicLong removals = new AtomicLong();
    private volatile boolean doubted;
    private long notBefore = System.nanoTime();

    Acquaintances(Peer chats, Presence presence) {
        this.chats = chats;
        this.presence = presence;
    }

    /**
     * A socket asks for these instead of those it has asked for before, and is told of each.
     *
     * @throws Refused 503 if it can't be known now with whom its user shares a chat; nothing has changed then
     */
    void ask(Socket socket, String ref, Set<UUID> users) {
        long removalsBefore = removals.get();
        Set<UUID> allowed = presence.askedBy(socket);
        allowed.add(socket.userId());
        var fresh = new LinkedHashSet<>(users);
        fresh.removeAll(allowed);
        allowed.addAll(acquainted(socket.userId(), fresh));
        var watched = new LinkedHashSet<>(users);
        watched.retainAll(allowed);
        presence.ask(socket, ref, watched);
        for (UUID userId : users) {
            if (!allowed.contains(userId)) {
                socket.outbound()
                        .send(ServerFrame.Presence.stranger(ref, userId).frame());
            }
        }
        if (removals.get() != removalsBefore) {
            check(Map.of(socket, watched), true);
        }
    }

    /** Something happened to a chat. */
    void take(ChatEvent event) {
        switch (event) {
            case ChatEvent.MemberRemoved removed ->
                parted(Set.of(removed.userId()), removed.userSeqs().keySet());
            case ChatEvent.Deleted deleted ->
                parted(deleted.userSeqs().keySet(), deleted.userSeqs().keySet());
            case ChatEvent.Created _, ChatEvent.Updated _, ChatEvent.MemberAdded _, ChatEvent.MemberUpdated _ -> {}
            case ChatEvent.Unknown _ -> {}
        }
    }

    /** Removals may have been missed. */
    void doubt() {
        doubted = true;
    }

    /** Time passes. */
    void tick(long now) {
        if (doubted && now - notBefore > 0) {
            notBefore = now + RETRY_NANOS;
            doubted = false;
            var all = new HashMap<Socket, Set<UUID>>();
            presence.askers().forEach(socket -> all.put(socket, presence.askedBy(socket)));
            check(all, false);
        }
    }

    private void parted(Set<UUID> gone, Set<UUID> members) {
        removals.incrementAndGet();
        var doubtful = new HashMap<Socket, Set<UUID>>();
        for (Socket socket : presence.askers()) {
            Set<UUID> others = gone.contains(socket.userId()) ? members : gone;
            if (members.contains(socket.userId())) {
                Set<UUID> asked = presence.askedBy(socket);
                asked.retainAll(others);
                asked.remove(socket.userId());
                if (!asked.isEmpty()) {
                    doubtful.put(socket, asked);
                }
            }
        }
        check(doubtful, true);
    }

    /** Asks again, once a user; if it can't be known, only those lose sight of each other who may well have parted. */
    private void check(Map<Socket, Set<UUID>> doubtful, boolean parted) {
        var byUser = new HashMap<UUID, List<Socket>>();
        doubtful.keySet()
                .forEach(socket -> byUser.computeIfAbsent(socket.userId(), _ -> new ArrayList<>())
                        .add(socket));
        byUser.forEach((userId, sockets) -> Thread.startVirtualThread(() -> {
            var others = new LinkedHashSet<UUID>();
            sockets.forEach(socket -> others.addAll(doubtful.get(socket)));
            others.remove(userId);
            checks.acquireUninterruptibly();
            try {
                others.removeAll(acquainted(userId, others));
                sockets.forEach(socket -> presence.deny(socket, others));
            } catch (Refused unavailable) {
                if (parted) {
                    sockets.forEach(socket -> presence.deny(socket, others));
                } else {
                    doubted = true;
                }
            } catch (RuntimeException defect) {
                LOG.log(System.Logger.Level.ERROR, "Whom " + userId + " shares a chat with can't be checked", defect);
                sockets.forEach(socket -> presence.deny(socket, others));
            } finally {
                checks.release();
            }
        }));
    }

    private Set<UUID> acquainted(UUID userId, Collection<UUID> others) {
        if (others.isEmpty()) {
            return Set.of();
        }
        var question = new Internal.UserIds(new LinkedHashSet<>(others));
        return chats.post("/internal/users/" + userId + "/acquaintances", question, Internal.UserIds.class)
                .ids();
    }
}
