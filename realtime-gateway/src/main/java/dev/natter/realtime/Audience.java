package dev.natter.realtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/** Who sits in a room. Guarded by it; what comes out of a telling method is to be flushed outside of its lock. */
final class Audience {
    private Seat[] seats = {};

    boolean isEmpty() {
        return seats.length == 0;
    }

    /** Any of them; only if it isn't empty. */
    Seat any() {
        return seats[0];
    }

    List<Seat> all() {
        return List.of(seats);
    }

    void admit(Seat seat, long from) {
        seat.take(from);
        seats = Arrays.copyOf(seats, seats.length + 1);
        seats[seats.length - 1] = seat;
    }

    /**
     * Takes seats away.
     *
     * @return how many
     */
    int dismiss(Predicate<Seat> whose) {
        int before = seats.length;
        seats = Arrays.stream(seats)
                .filter(seat -> {
                    boolean goes = whose.test(seat);
                    if (goes) {
                        seat.lose();
                    }
                    return !goes;
                })
                .toArray(Seat[]::new);
        return before - seats.length;
    }

    /** Tells each what comes after the number at which they entered. */
    List<Outbound> tell(List<Change> changes) {
        if (changes.isEmpty() || seats.length == 0) {
            return List.of();
        }
        var ready = new ArrayList<Outbound>(seats.length);
        for (Change change : changes) {
            for (Seat seat : seats) {
                Outbound outbound = seat.socket().outbound();
                if (change.seq() > seat.from() && outbound.offer(change.frame())) {
                    ready.add(outbound);
                }
            }
        }
        return ready;
    }

    /** Tells all but one of what may be lost under pressure. */
    List<Outbound> hint(Frame frame, UUID except) {
        var ready = new ArrayList<Outbound>();
        for (Seat seat : seats) {
            Outbound outbound = seat.socket().outbound();
            if (!seat.socket().userId().equals(except) && outbound.offerIfCalm(frame)) {
                ready.add(outbound);
            }
        }
        return ready;
    }

    int size() {
        return seats.length;
    }
}
