package dev.natter.message;

import dev.natter.platform.http.Refused;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What is done behind everyone's back, in small portions: learns the members of chats of which an event is missing, and
 * takes away what deleted chats leave behind. Each step finds its work in the database and may be done twice, so that a
 * crash or a second instance costs nothing but a repetition. One thread.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Upkeep.class.getName());
    private static final int CHATS_AT_ONCE = 100;
    private static final UUID BEGINNING = new UUID(0, 0);

    /** In case that what there is to do was left by another instance, or that it couldn't be done at first. */
    private static final Duration EVERY = Duration.ofSeconds(2);

    /** Between two portions: whoever waits for the database goes first. */
    private static final Duration BREATH = Duration.ofMillis(10);

    private final Inquiry inquiry;
    private final Roll roll;
    private final Purge purge;
    private final Semaphore signal = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("upkeep").unstarted(this::run);
    private UUID last = BEGINNING;

    Upkeep(Inquiry inquiry, Roll roll, Purge purge) {
        this.inquiry = inquiry;
        this.roll = roll;
        this.purge = purge;
    }

    void start() {
        thread.start();
    }

    /** There is something to do. */
    void wake() {
        signal.release();
    }

    private void run() {
        try {
            while (true) {
                signal.drainPermits();
                Duration pause = portion() ? BREATH : EVERY;
                signal.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException closing) {
            LOG.log(Level.DEBUG, "Upkeep ends");
        }
    }

    /** Whether there may be more to do. */
    private boolean portion() {
        try {
            boolean unknown = learn();
            boolean deleted = purge.portion();
            return unknown || deleted;
        } catch (Refused notNow) {
            LOG.log(Level.DEBUG, "Upkeep waits: {0}", notNow.getMessage());
        } catch (RuntimeException failure) {
            LOG.log(Level.WARNING, "Upkeep failed; it is tried again", failure);
        }
        last = BEGINNING;
        return false;
    }

    private boolean learn() {
        List<UUID> chats = roll.unknown(last, CHATS_AT_ONCE);
        chats.forEach(inquiry::learn);
        boolean more = chats.size() == CHATS_AT_ONCE;
        last = more ? chats.getLast() : BEGINNING;
        return more;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            if (thread.isAlive()) {
                thread.join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
