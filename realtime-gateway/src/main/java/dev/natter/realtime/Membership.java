package dev.natter.realtime;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.natter.contracts.Internal;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Refused;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Whether those may enter whom message-service calls members. It answers from a replica, which may lag behind a removal
 * that was heard of here; and for a while after NATS was away, or this gateway, there may have been removals that were
 * not heard of. Then chat-service is asked, whose word is final. Thread-safe.
 *
 * <p>Whoever was removed while they were being let in is found out at the door: a seat is given only while
 * {@link #latest} is no more than what the membership is known to be true for, and a removal first raises that and then
 * empties seats.
 */
final class Membership {
    /**
     * How much longer than a replica ever lags removals are remembered, and distrusted if they may have been missed.
     */
    private static final Duration MEMORY = Duration.ofMinutes(10);

    private static final long DOUBT_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int MAX_REMOVALS = 100_000;

    private final Peer chats;
    private final Gathering<Internal.Seat, Boolean> owner = new Gathering<>(Backfill.SEATS_AT_ONCE, this::fetch);
    private final Cache<UUID, Long> removals = Caffeine.newBuilder()
            .maximumSize(MAX_REMOVALS)
            .expireAfterWrite(MEMORY)
            .build();

    private volatile long doubtedUntil = System.nanoTime() + DOUBT_NANOS;

    Membership(Peer chats) {
        this.chats = chats;
    }

    /** Someone was removed from a chat. */
    void removed(UUID chatId, long version) {
        removals.asMap().merge(chatId, version, Math::max);
    }

    /** The chat's version of the last removal that was heard of, 0 if there was none. */
    long latest(UUID chatId) {
        Long version = removals.getIfPresent(chatId);
        return version == null ? 0 : version;
    }

    /** Removals may have been missed. */
    void doubt() {
        doubtedUntil = System.nanoTime() + DOUBT_NANOS;
    }

    /** When, if none is missed from now on, all that may have been missed is known to every replica. */
    long certainAt() {
        return doubtedUntil;
    }

    /** Whether that is so. */
    boolean isCertain() {
        return System.nanoTime() - doubtedUntil >= 0;
    }

    /**
     * Who of those whom message-service calls members is one.
     *
     * @param heads what message-service says
     * @return the chat's version that each one's membership is true for; those who aren't members are missing
     * @throws Refused 503 if it can't be known now
     */
    Map<Internal.Seat, Long> rely(Map<Internal.Seat, Backfill.Head> heads) throws InterruptedException {
        boolean certain = isCertain();
        var relied = new HashMap<Internal.Seat, Long>();
        var doubtful = new HashMap<Internal.Seat, Long>();
        heads.forEach((seat, head) -> {
            long latest = latest(seat.chatId());
            if (certain && latest <= head.membersVersion()) {
                relied.put(seat, head.membersVersion());
            } else {
                doubtful.put(seat, latest);
            }
        });
        if (doubtful.isEmpty()) {
            return relied;
        }
        try {
            Set<Internal.Seat> taken = taken(doubtful.keySet());
            doubtful.forEach((seat, latest) -> {
                if (taken.contains(seat)) {
                    relied.put(seat, Math.max(latest, heads.get(seat).membersVersion()));
                }
            });
        } catch (Refused unavailable) {
            // Only a vague doubt doesn't close the door: all seats are checked as soon as chat-service is back.
            doubtful.forEach((seat, latest) -> {
                long version = heads.get(seat).membersVersion();
                if (latest > version) {
                    throw unavailable;
                }
                relied.put(seat, version);
            });
        }
        return relied;
    }

    /**
     * Which seats are taken, by chat-service's word.
     *
     * @throws Refused 503 if it can't be asked now
     */
    Set<Internal.Seat> taken(Collection<Internal.Seat> seats) throws InterruptedException {
        var taken = new HashSet<Internal.Seat>();
        for (List<Internal.Seat> some : Backfill.batches(seats)) {
            taken.addAll(owner.ask(some).keySet());
        }
        taken.retainAll(Set.copyOf(seats));
        return taken;
    }

    private Map<Internal.Seat, Boolean> fetch(List<Internal.Seat> seats) {
        Internal.Seats taken = chats.post("/internal/seats", new Internal.Seats(seats), Internal.Seats.class);
        return taken.seats().stream().collect(Collectors.toMap(seat -> seat, _ -> true, (one, _) -> one));
    }
}
