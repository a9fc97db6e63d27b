package dev.natter.faults;

import java.util.List;

/**
 * Everything that was asked, answered and heard in a run. Times are nanoseconds since its begin.
 *
 * @param ops what users asked for
 * @param seats who was let in and out
 * @param seen what devices heard
 * @param troubled when something was broken, up to the moment when everything was ready again
 */
record History(List<Op> ops, List<Seat> seats, List<Seen> seen, List<Span> troubled) {
    /** Copies. */
    History {
        ops = List.copyOf(ops);
        seats = List.copyOf(seats);
        seen = List.copyOf(seen);
        troubled = List.copyOf(troubled);
    }
}
