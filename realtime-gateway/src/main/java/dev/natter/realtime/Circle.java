package dev.natter.realtime;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A small chat whose members watch each other here by being in its room; or a chat of which it isn't known yet whether
 * it is small, or a large one, which has no members here. Guarded by its {@link Circles}.
 */
final class Circle {
    private final UUID chatId;
    private final List<Watch> members = new ArrayList<>(2);
    private volatile Room room;
    private long version;
    private long heard;
    private boolean known;
    private long occupied = System.nanoTime();

    Circle(Room room) {
        this.chatId = room.chatId();
        this.room = room;
    }

    UUID chatId() {
        return chatId;
    }

    /** The chat's room may have been closed and opened anew. */
    void in(Room present) {
        room = present;
    }

    /** Who watches the members; may be asked without the guard. */
    List<Seat> seats() {
        return room.seats();
    }

    List<Watch> members() {
        return members;
    }

    Watch member(UUID userId) {
        return members.stream()
                .filter(watch -> watch.userId().equals(userId))
                .findFirst()
                .orElse(null);
    }

    /** Those of some users who aren't members. */
    List<UUID> strangers(Collection<UUID> users) {
        return users.stream().filter(userId -> member(userId) == null).toList();
    }

    /** Those members who aren't among some users. */
    List<Watch> others(Set<UUID> users) {
        return members.stream().filter(watch -> !users.contains(watch.userId())).toList();
    }

    /** Whether its members are known. */
    boolean isKnown() {
        return known;
    }

    /** The chat's version that its members, or its being large, are known to be true for. */
    long version() {
        return version;
    }

    /** The latest version of the chat that was heard of. */
    long heard() {
        return heard;
    }

    void hear(long current) {
        heard = Math.max(heard, current);
    }

    void know(boolean small, long current) {
        known = small;
        version = current;
        hear(current);
    }

    /** Whether nobody has watched for a while. */
    boolean isDeserted(long now, long lingerNanos) {
        if (!room.seats().isEmpty()) {
            occupied = now;
        }
        return now - occupied > lingerNanos;
    }
}
