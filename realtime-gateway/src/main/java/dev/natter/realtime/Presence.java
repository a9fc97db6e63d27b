package dev.natter.realtime;

import dev.natter.contracts.PresenceEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Who is online, told to those who watch. A user is online while a socket of theirs is open at any gateway, and for a
 * short grace after. They are watched by the sockets that asked for them, and by the rooms of the small chats that they
 * are in; state is kept of watched users alone, and a change is told to each socket once, and seldom.
 *
 * <p>Under the one lock nothing blocks; it is taken before that of a room. Thread-safe.
 */
final class Presence {
    private static final System.Logger LOG = System.getLogger(Presence.class.getName());

    private final PresenceConfig config;
    private final Teller teller;
    private final Fanout fanout;
    private final Guests guests;
    private final Gateways gateways;
    private final Map<UUID, Watch> watches = new HashMap<>();
    private final Map<Socket, Set<Watch>> asked = new HashMap<>();
    private final ArrayDeque<Watch> waiting = new ArrayDeque<>();

    Presence(PresenceConfig config, Bus bus, Fanout fanout) {
        this.config = config;
        this.teller = new Teller(bus);
        this.fanout = fanout;
        this.guests = new Guests(config.grace().toNanos(), config.remembered());
        this.gateways = new Gateways(config, teller::tell, guests, watches, System.nanoTime());
    }

    /** Begins to listen to other gateways, and makes itself known to them. */
    void listen(Bus bus) {
        bus.subscribe(Subjects.PRESENCE, this::heard);
        bus.subscribe(Subjects.presence(gateways.name()), this::heard);
        tick(System.nanoTime());
    }

    /** Tells the others that they won't hear of this gateway any more. */
    void close() {
        synchronized (this) {
            gateways.sayGoodbye(System.nanoTime());
        }
        teller.finish();
    }

    /** A socket is open. */
    void came(Socket socket) {
        var ready = new ArrayList<Outbound>();
        synchronized (this) {
            UUID userId = socket.userId();
            if (guests.came(userId)) {
                gateways.came(userId);
                review(watches.get(userId), System.nanoTime(), ready);
            }
        }
        fanout.flush(ready);
    }

    /** A socket that was open is gone. */
    synchronized void left(Socket socket) {
        guests.left(socket.userId(), System.nanoTime(), Instant.now());
        Set<Watch> watched = asked.remove(socket);
        if (watched != null) {
            watched.forEach(watch -> unask(socket, watch));
        }
    }

    /** Those whom a socket has asked for. */
    synchronized Set<UUID> askedBy(Socket socket) {
        var users = new LinkedHashSet<UUID>();
        asked.getOrDefault(socket, Set.of()).forEach(watch -> users.add(watch.userId()));
        return users;
    }

    /** The sockets that have asked for a user. */
    synchronized List<Socket> askersOf(UUID userId) {
        Watch watch = watches.get(userId);
        return watch == null ? List.of() : List.copyOf(watch.askers());
    }

    /** All sockets that have asked for anyone. */
    synchronized List<Socket> askers() {
        return List.copyOf(asked.keySet());
    }

    /** A socket asks for these, and no others any more: it is told of each now, and of changes. */
    void ask(Socket socket, String ref, Collection<UUID> users) {
        var ready = new ArrayList<Outbound>();
        synchronized (this) {
            Set<Watch> before = asked.remove(socket);
            var now = new LinkedHashSet<Watch>();
            users.forEach(userId -> now.add(watch(userId)));
            now.forEach(watch -> watch.askedBy(socket));
            if (!now.isEmpty()) {
                asked.put(socket, now);
            }
            if (before != null) {
                before.removeAll(now);
                before.forEach(watch -> unask(socket, watch));
            }
            now.forEach(watch -> watch.owe(new Watch.Owed(socket, ref)));
            gateways.askAround(System.nanoTime());
            now.forEach(watch -> answer(watch, ready));
        }
        ready.forEach(Outbound::flush);
    }

    /** A socket may not watch these any more; to it they look offline from now on. */
    void deny(Socket socket, Collection<UUID> users) {
        var ready = new ArrayList<Outbound>();
        synchronized (this) {
            Set<Watch> watched = asked.getOrDefault(socket, Set.of());
            for (UUID userId : users) {
                Watch watch = watches.get(userId);
                if (watch != null && watch.isAskedBy(socket)) {
                    watched.remove(watch);
                    unask(socket, watch);
                    offer(socket, ServerFrame.Presence.stranger(null, userId), ready);
                }
            }
            if (watched.isEmpty()) {
                asked.remove(socket);
            }
        }
        fanout.flush(ready);
    }

    /**
     * Whoever is in the room of a chat watches these of its members, and is told now who of them is online: of each
     * once, if they are in several of these chats.
     */
    void watch(Map<Circle, List<UUID>> arrived) {
        var ready = new ArrayList<Outbound>();
        var news = new LinkedHashMap<Socket, Set<Watch>>();
        synchronized (this) {
            arrived.forEach((circle, users) -> {
                List<Watch> watched = users.stream().map(this::watch).toList();
                watched.forEach(watch -> watch.watchedBy(circle));
                circle.members().addAll(watched);
                circle.seats()
                        .forEach(seat -> news.computeIfAbsent(seat.socket(), _ -> new LinkedHashSet<>())
                                .addAll(watched));
            });
            news.forEach((socket, watched) -> greet(socket, watched, ready));
        }
        fanout.flush(ready);
    }

    /** They don't any more. */
    synchronized void unwatch(Circle circle, Collection<Watch> gone) {
        for (Watch watch : gone) {
            watch.unwatchedBy(circle);
            forgetIfUnwatched(watch);
        }
        circle.members().removeAll(Set.copyOf(gone));
    }

    /** A socket has come into the rooms of some chats: it is told who of their members is online. */
    void greet(Socket socket, Collection<Watch> members) {
        var ready = new ArrayList<Outbound>();
        synchronized (this) {
            greet(socket, members, ready);
        }
        ready.forEach(Outbound::flush);
    }

    /** Something that others told may have been missed. */
    synchronized void doubt() {
        gateways.doubt(System.nanoTime());
    }

    /** Time passes. */
    void tick(long now) {
        var ready = new ArrayList<Outbound>();
        synchronized (this) {
            guests.leave(now).forEach((userId, at) -> {
                gateways.went(userId, at);
                Watch watch = watches.get(userId);
                if (watch != null) {
                    watch.seen(at);
                    review(watch, now, ready);
                }
            });
            while (!waiting.isEmpty() && isTime(waiting.peek(), now)) {
                Watch watch = waiting.poll();
                watch.setWaiting(false);
                review(watch, now, ready);
            }
            gateways.tick(now).forEach(watch -> review(watch, now, ready));
        }
        fanout.flush(ready);
    }

    synchronized int watched() {
        return watches.size();
    }

    private void heard(Delivery delivery) {
        PresenceEvent event;
        try {
            event = Json.parse(delivery.payload(), PresenceEvent.class);
        } catch (IllegalArgumentException notOurs) {
            LOG.log(System.Logger.Level.DEBUG, "An unreadable event on {0}", delivery.subject());
            return;
        }
        var ready = new ArrayList<Outbound>();
        synchronized (this) {
            long now = System.nanoTime();
            gateways.take(event, now).forEach(watch -> review(watch, now, ready));
        }
        fanout.flush(ready);
    }

    private Watch watch(UUID userId) {
        return watches.computeIfAbsent(userId, _ -> {
            long longAgo = System.nanoTime() - config.interval().toNanos();
            var watch = new Watch(userId, guests.has(userId), guests.lastSeen(userId), longAgo);
            gateways.wonder(watch);
            return watch;
        });
    }

    private void unask(Socket socket, Watch watch) {
        watch.unaskedBy(socket);
        forgetIfUnwatched(watch);
    }

    private void forgetIfUnwatched(Watch watch) {
        if (watch.isUnwatched()) {
            watches.remove(watch.userId(), watch);
        }
    }

    private void greet(Socket socket, Collection<Watch> members, List<Outbound> ready) {
        for (Watch watch : members) {
            if (watch.told() && !watch.userId().equals(socket.userId()) && !watch.isAskedBy(socket)) {
                offer(socket, watch.frame(null), ready);
            }
        }
    }

    /** Tells the watchers if what they were told isn't true any more, or has it told when it is time. */
    private void review(Watch watch, long now, List<Outbound> ready) {
        if (watch == null) {
            return;
        }
        boolean online = guests.has(watch.userId()) || watch.isElsewhere();
        if (online != watch.told() && isTime(watch, now)) {
            watch.tell(online, now);
            Frame frame = watch.frame(null).frame();
            watch.audience().forEach(socket -> offer(socket, frame, ready));
        } else if (online != watch.told() && !watch.isWaiting()) {
            watch.setWaiting(true);
            waiting.add(watch);
        }
        answer(watch, ready);
    }

    private void answer(Watch watch, List<Outbound> ready) {
        if (watch.isSettled() || watch.told()) {
            watch.pay().forEach(owed -> offer(owed.socket(), watch.frame(owed.ref()), ready));
        }
    }

    private boolean isTime(Watch watch, long now) {
        return now - watch.toldAt() >= config.interval().toNanos();
    }

    private static void offer(Socket socket, ServerFrame frame, List<Outbound> ready) {
        offer(socket, frame.frame(), ready);
    }

    private static void offer(Socket socket, Frame frame, List<Outbound> ready) {
        if (socket.outbound().offer(frame)) {
            ready.add(socket.outbound());
        }
    }
}
