package dev.natter.realtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What waits in all sockets together, in bytes of the heap. A frame counts once, however many sockets wait to be sent
 * it, since it is there once; its place in each queue counts a little; what is being written counts until it is.
 *
 * <p>When it is too much, those are closed as too slow who have kept the most for the longest, by the product of both:
 * a client that reads has its write done in microseconds, and so comes last, whatever a burst has put into its queue.
 * Thread-safe.
 */
final class Backlog {
    /** What a frame costs beside its bytes: the headers of two objects. */
    static final int FRAME = 40;

    /** What a place in a queue costs; a deque's array is at worst half empty. */
    static final int PLACE = 8;

    /** How long one who was told to go may hold on to a write that doesn't end, before it is cut off. */
    private static final long GOODBYE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private record Debtor(Socket socket, long cost) {}

    private final LongAdder held = new LongAdder();
    private final long limit;
    private final Meters meters;

    /**
     * Begins with nothing.
     *
     * @param limit how much may wait, bytes
     * @param meters counts who is closed for it
     */
    Backlog(long limit, Meters meters) {
        this.limit = limit;
        this.meters = meters;
    }

    /** Some queue, or a write that begins, holds a frame. */
    void add(Frame frame) {
        held.add(frame.hold() ? PLACE + FRAME + frame.size() : PLACE);
    }

    /** It has let go. */
    void remove(Frame frame) {
        held.add(frame.letGo() ? -(PLACE + FRAME + frame.size()) : -PLACE);
    }

    long bytes() {
        return held.sum();
    }

    /** Whether it is time to be sparing. */
    boolean isTight() {
        return bytes() > limit / 2;
    }

    /**
     * If too much waits, closes as many as it takes to have some room again.
     *
     * @param sockets all that are open
     * @param now by {@link System#nanoTime}
     * @return those whose writer's role the caller has now
     */
    List<Outbound> relieve(Iterable<Socket> sockets, long now) {
        if (bytes() <= limit) {
            return List.of();
        }
        var debtors = new ArrayList<Debtor>();
        long leaving = 0;
        for (Socket socket : sockets) {
            Outbound outbound = socket.outbound();
            long closing = outbound.closingSince();
            if (closing == 0) {
                debtors.add(new Debtor(socket, outbound.cost(now)));
            } else {
                leaving += outbound.inFlight();
                if (outbound.writingSince() != 0 && now - closing > GOODBYE_NANOS) {
                    socket.cut();
                }
            }
        }
        return close(debtors, leaving);
    }

    private List<Outbound> close(List<Debtor> debtors, long leavingAlready) {
        debtors.sort(Comparator.comparingLong(Debtor::cost).reversed());
        var ready = new ArrayList<Outbound>();
        long leaving = leavingAlready;
        for (Debtor debtor : debtors) {
            if (debtor.cost() == 0 || bytes() - leaving <= limit - limit / 4) {
                break;
            }
            Outbound outbound = debtor.socket().outbound();
            if (outbound.overflow()) {
                ready.add(outbound);
            }
            leaving += outbound.inFlight();
            meters.relieved();
        }
        return ready;
    }
}
