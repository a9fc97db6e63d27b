package dev.natter.realtime;

import dev.natter.platform.bus.Bus;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

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
    private final RealtimeConfig config;
    private final Bus bus;
    private final Backfill backfill;
    private final Fanout fanout;
    private final Meters meters;

    Rooms(RealtimeConfig config, Bus bus, Backfill backfill, Fanout fanout, Meters meters) {
        this.config = config;
        this.bus = bus;
        this.backfill = backfill;
        this.fanout = fanout;
        this.meters = meters;
    }

    /** The room of a chat, listening; to be released once. */
    Room hold(UUID chatId) {
        Place place = places.compute(chatId, (id, known) -> {
            Place held = known == null ? new Place(new Room(id, config, backfill, fanout, meters)) : known;
            held.holds++;
            return held;
        });
        try {
            place.room.listen(bus);
        } catch (RuntimeException failed) {
            releaseStranger(place.room);
            throw failed;
        }
        return place.room;
    }

    /** Gives a hold back; if it was the last the room closes later. */
    void release(Room room) {
        release(room, false);
    }

    /** Gives back the hold of someone who may not enter: a room that was opened for them alone closes at once. */
    void releaseStranger(Room room) {
        release(room, true);
    }

    /** Time passes. */
    void tick(long now) {
        for (Place place : places.values()) {
            place.room.tick(now);
            look(place.room, now);
            if (place.holds == 0 && now - place.emptySince > config.roomLinger().toNanos()) {
                places.computeIfPresent(place.room.chatId(), (_, known) -> closedIfEmpty(known));
            }
        }
    }

    /** Something may have been missed in every chat. */
    void recheck() {
        for (Place place : places.values()) {
            place.room.doubt();
            look(place.room, System.nanoTime());
        }
    }

    private void look(Room room, long now) {
        if (room.beginLook(now)) {
            Thread.startVirtualThread(() -> {
                rechecks.acquireUninterruptibly();
                try {
                    room.look();
                } finally {
                    rechecks.release();
                }
            });
        }
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

    private void release(Room room, boolean atOnce) {
        places.computeIfPresent(room.chatId(), (_, place) -> {
            if (place.room != room) {
                return place;
            }
            place.holds--;
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
