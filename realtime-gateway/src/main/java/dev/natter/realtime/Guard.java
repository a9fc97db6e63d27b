package dev.natter.realtime;

import dev.natter.platform.http.Refused;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that nothing that NATS didn't bring stays unnoticed: after a gap the heads of all rooms, the numbers of
 * all boxes and all seats are checked, each many at a time, until they have been. Seats are checked a second time when
 * every replica has surely caught up: until then one that lags may have let somebody in. Thread-safe.
 */
final class Guard {
    private static final System.Logger LOG = System.getLogger(Guard.class.getName());
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Membership membership;
    private final Rooms rooms;
    private final Boxes boxes;
    private long doubts = 1;
    private long settled;
    private boolean checking;
    private long notBefore = System.nanoTime();

    Guard(Membership membership, Rooms rooms, Boxes boxes) {
        this.membership = membership;
        this.rooms = rooms;
        this.boxes = boxes;
    }

    /** Something may have been missed. */
    void doubt() {
        membership.doubt();
        synchronized (this) {
            doubts++;
            notBefore = System.nanoTime();
        }
        rooms.doubt();
        boxes.doubt();
        tick(System.nanoTime());
    }

    /** Time passes. */
    void tick(long now) {
        long asked;
        synchronized (this) {
            if (doubts == settled || checking || now - notBefore < 0) {
                return;
            }
            checking = true;
            asked = doubts;
        }
        Thread.startVirtualThread(() -> checkSeats(asked));
    }

    private void checkSeats(long asked) {
        long nextAt = System.nanoTime() + RETRY_NANOS;
        boolean done = false;
        try {
            boolean certain = membership.isCertain();
            rooms.checkSeats();
            done = certain;
            nextAt = membership.certainAt();
        } catch (Refused unavailable) {
            LOG.log(System.Logger.Level.DEBUG, "Seats can't be checked now: {0}", unavailable.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException wrong) {
            LOG.log(System.Logger.Level.ERROR, "Checking seats failed", wrong);
        } finally {
            synchronized (this) {
                checking = false;
                settled = done ? asked : settled;
                notBefore = doubts == asked ? nextAt : System.nanoTime();
            }
        }
    }
}
