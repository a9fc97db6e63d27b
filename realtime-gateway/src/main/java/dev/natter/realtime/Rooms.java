package dev.natter.realtime;

import dev.natter.contracts.Internal;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.http.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * The chats that somebody here watches. A room is held by every socket in it and by every attempt to enter; when the
 * last hold is gone it stays for a while, since who leaves often comes back. Thread-safe.
 */
final class Rooms {
    private static final int RECHECKS_AT_ONCE = 8;

    private static final class Place {
        private final Room room;
        private int holds;
        private long emptySince;

        Place(Room room) {
            this.room = room;
        }
    }

    private final ConcurrentHashMap<UUID, Place> places = new ConcurrentHashMap<>();
    private final Semaphore rechecks = new Semaphore(RECHECKS_AT_ONCE);
    private final Bus bus;
    private final Room.Means means;

    Rooms(Bus bus, Room.Means means) {
        this.bus = bus;
        this.means = means;
    }

    /** The rooms of some chats, listening; each to be released once. */
    Map<UUID, Room> hold(Collection<UUID> chatIds) {
        var held = new LinkedHashMap<UUID, Room>();
        chatIds.forEach(chatId -> held.computeIfAbsent(chatId, this::hold));
        try {
            boolean fresh = false;
            for (Room room : held.values()) {
                fresh |= room.listening().begin(bus);
            }
            if (fresh) {
                bus.confirm();
                held.values().forEach(room -> room.listening().confirmed());
            }
        } catch (RuntimeException failed) {
            held.values().forEach(this::releaseStranger);
            throw failed;
        }
        return held;
    }

    private Room hold(UUID chatId) {
        return places.compute(chatId, (id, known) -> {
                    Place held = known == null ? new Place(new Room(id, means)) : known;
                    held.holds++;
                    return held;
                })
                .room;
    }

    /** Gives a hold back; if it was the last the room closes later. */
    void release(Room room) {
        release(room, 1, false);
    }

    /** Gives back the hold of someone who may not enter: a room that was opened for them alone closes at once. */
    void releaseStranger(Room room) {
        release(room, 1, true);
    }

    /** Takes seats in a chat away: their users aren't members any more. */
    void evict(UUID chatId, Predicate<Seat> whose) {
        Place place = places.get(chatId);
        if (place != null) {
            means.meters().evicted(dismiss(place.room, whose));
        }
    }

    private int dismiss(Room room, Predicate<Seat> whose) {
        int holds = room.dismiss(whose);
        if (holds > 0) {
            release(room, holds, false);
        }
        return holds;
    }

    /** Gives a seat back, if it hasn't been taken away. */
    void leave(Seat seat) {
        dismiss(seat.room(), other -> other == seat);
    }

    /** Time passes. */
    void tick(long now) {
        for (Place place : places.values()) {
            place.room.tick(now);
            if (place.holds == 0
                    && now - place.emptySince > means.config().roomLinger().toNanos()) {
                places.computeIfPresent(place.room.chatId(), (_, known) -> closedIfEmpty(known));
            }
        }
        lookIntoDoubts(now);
    }

    /** Something may have been missed in every chat. */
    void doubt() {
        places.values().forEach(place -> place.room.filling().doubt());
        lookIntoDoubts(System.nanoTime());
    }

    private void lookIntoDoubts(long now) {
        var doubtful = new LinkedHashMap<Internal.Seat, Room>();
        for (Place place : places.values()) {
            Internal.Seat witness = place.room.beginLook(now);
            if (witness != null) {
                doubtful.put(witness, place.room);
            }
        }
        if (!doubtful.isEmpty()) {
            Thread.startVirtualThread(() -> look(doubtful));
        }
    }

    private void look(Map<Internal.Seat, Room> doubtful) {
        for (List<Internal.Seat> some : Backfill.batches(doubtful.keySet())) {
            var asked = new HashMap<Internal.Seat, Long>();
            some.forEach(witness ->
                    asked.put(witness, doubtful.get(witness).filling().doubts()));
            Map<Internal.Seat, Backfill.Head> heads;
            try {
                heads = means.backfill().heads(some);
            } catch (Refused unavailable) {
                some.forEach(witness -> doubtful.get(witness).filling().unseen());
                continue;
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return;
            }
            for (Internal.Seat witness : some) {
                // If the witness is no member any more the head can't be seen, but may be anywhere.
                long head = heads.containsKey(witness) ? heads.get(witness).seq() : Long.MAX_VALUE;
                look(doubtful.get(witness).filling(), asked.get(witness), head);
            }
        }
    }

    private void look(Filling filling, long asked, long head) {
        Thread.startVirtualThread(() -> {
            rechecks.acquireUninterruptibly();
            try {
                filling.seen(asked, head);
            } finally {
                rechecks.release();
            }
        });
    }

    /**
     * Checks every seat, and takes away those of users who aren't members any more.
     *
     * @throws Refused 503 if chat-service can't be asked now
     */
    void checkSeats() throws InterruptedException {
        var some = new HashMap<Internal.Seat, List<Seat>>();
        for (Place place : places.values()) {
            for (Seat seat : place.room.seats()) {
                var key = new Internal.Seat(place.room.chatId(), seat.socket().userId());
                some.computeIfAbsent(key, _ -> new ArrayList<>()).add(seat);
                if (some.size() == Backfill.SEATS_AT_ONCE) {
                    check(some);
                    some.clear();
                }
            }
        }
        check(some);
    }

    private void check(Map<Internal.Seat, List<Seat>> some) throws InterruptedException {
        if (some.isEmpty()) {
            return;
        }
        Set<Internal.Seat> taken = means.membership().taken(some.keySet());
        some.forEach((key, seats) -> {
            if (!taken.contains(key)) {
                evict(key.chatId(), seats::contains);
            }
        });
    }

    /** Every number that is known is void. */
    void forget() {
        for (UUID chatId : places.keySet()) {
            Place place = places.remove(chatId);
            if (place != null) {
                place.room.close();
            }
        }
    }

    int size() {
        return places.size();
    }

    private void release(Room room, int holds, boolean atOnce) {
        places.computeIfPresent(room.chatId(), (_, place) -> {
            if (place.room != room) {
                return place;
            }
            place.holds -= holds;
            place.emptySince = System.nanoTime();
            return atOnce && !room.isKnown() ? closedIfEmpty(place) : place;
        });
    }

    private static Place closedIfEmpty(Place place) {
        if (place.holds > 0) {
            return place;
        }
        place.room.close();
        return null;
    }
}
