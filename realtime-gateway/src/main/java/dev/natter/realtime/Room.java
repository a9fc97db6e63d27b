package dev.natter.realtime;

import dev.natter.contracts.Internal;
import dev.natter.platform.bus.Delivery;
import dev.natter.realtime.Backfill.Reading;
import java.util.List;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A chat that somebody here watches: its feed, its sockets, who types. One lock orders what the feed lets through, who
 * is in, and what is queued to whom, so a socket that enters at some number gets exactly what comes after it. Under the
 * lock nothing blocks; writing is left to the {@link Fanout}, reading the log to {@link Filling}.
 */
final class Room {
    /** So few changes are told while everything else waits; who lacks more is told before they enter. */
    private static final int FEW = 16;

    /** What rooms are made with. */
    record Means(
            RealtimeConfig config,
            Backfill backfill,
            Membership membership,
            Fanout fanout,
            Memory memory,
            Meters meters) {}

    private final UUID chatId;
    private final Means means;
    private final ChatFeed feed;
    private final Filling filling;
    private final Hints hints;
    private final Listening listening;
    private final Audience audience = new Audience();

    Room(UUID chatId, Means means) {
        this.chatId = chatId;
        this.means = means;
        RealtimeConfig config = means.config();
        var recent = new Recent(config.recentChanges(), config.recentBytes(), means.memory());
        this.feed = new ChatFeed(recent, config.recentChanges());
        this.filling = new Filling(chatId, this, feed, means.backfill(), this::deliver);
        this.hints = new Hints(chatId, config.typingLifetime().toNanos(), this::hint);
        this.listening = new Listening(chatId, this::arrived, hints::arrived);
    }

    UUID chatId() {
        return chatId;
    }

    Listening listening() {
        return listening;
    }

    Filling filling() {
        return filling;
    }

    /** Whether anyone was ever let in, or found to be a member. */
    synchronized boolean isKnown() {
        return feed.applied() >= 0;
    }

    /** The log was seen to stand at a number. */
    void head(long seq) {
        deliver(() -> feed.head(seq));
    }

    /**
     * Lets a socket in that wants nothing of the past: it gets an answer, and then everything after the number that the
     * answer names.
     *
     * @param seat its place
     * @param trusted the chat's version that its membership is known to be true for
     * @param seen a number that the log is known to have reached
     * @param answer makes the answer from the number, the later of {@code seen} and what was let through; or null
     */
    Entry enter(Seat seat, long trusted, long seen, LongFunction<Frame> answer) {
        boolean write;
        synchronized (this) {
            if (means.membership().latest(chatId) > trusted) {
                return Entry.DOUBTED;
            }
            write = admit(seat, Math.max(seen, feed.applied()), List.of(), answer);
        }
        flush(seat, write);
        return Entry.IN;
    }

    /**
     * Lets a socket in that was told what it missed, with the little that came since.
     *
     * @param reading how far it was told
     * @param seen a number that the log is known to have reached: the socket must have been told at least that
     */
    Entry enter(Seat seat, long trusted, long seen, LongFunction<Frame> answer, Reading reading) {
        boolean write;
        synchronized (this) {
            if (means.membership().latest(chatId) > trusted) {
                return Entry.DOUBTED;
            }
            if (!feed.covers(reading.at(), seen) || feed.lacking(reading.at()) > FEW) {
                return Entry.BEHIND;
            }
            List<Frame> missed = feed.recall(reading);
            write = admit(seat, reading.at(), missed, answer);
        }
        if (reading.wasTold()) {
            means.meters().replayed(!reading.hasReadLog());
        }
        flush(seat, write);
        return Entry.IN;
    }

    /** What a reader lacks up to a number, or further, from memory; null if memory doesn't reach. */
    synchronized List<Frame> recall(Reading reading, long upTo) {
        return feed.covers(reading.at(), upTo) ? feed.recall(reading) : null;
    }

    /**
     * Takes seats away.
     *
     * @return how many
     */
    synchronized int dismiss(Predicate<Seat> whose) {
        return audience.dismiss(whose);
    }

    /** Who sits here now. */
    synchronized List<Seat> seats() {
        return audience.all();
    }

    /**
     * Takes on to look into a doubt, if there is one and it is time to.
     *
     * @return the place of one who may ask where the log stands; null if nobody is to look
     */
    synchronized Internal.Seat beginLook(long now) {
        return audience.isEmpty() || !filling.beginLook(now)
                ? null
                : new Internal.Seat(chatId, audience.any().socket().userId());
    }

    /** Time passes. */
    void tick(long now) {
        hints.tick(now);
        filling.tick(now);
        if (means.memory().isTight()) {
            synchronized (this) {
                feed.halve();
            }
        }
    }

    /** Stops listening, and forgets. */
    void close() {
        listening.end();
        synchronized (this) {
            feed.forget();
        }
    }

    private void arrived(Delivery delivery) {
        Change change = Change.of(delivery);
        deliver(() -> feed.arrived(change));
        boolean fill;
        synchronized (this) {
            fill = feed.isHeldUp() && filling.isDue(System.nanoTime());
        }
        if (fill) {
            means.meters().gap();
            Thread.startVirtualThread(filling::fill);
        }
    }

    private void deliver(Supplier<List<Change>> step) {
        List<Outbound> ready;
        synchronized (this) {
            List<Change> changes = step.get();
            ready = audience.tell(changes);
            means.meters().delivered((long) changes.size() * audience.size());
        }
        means.fanout().flush(ready);
    }

    /** Whether the caller must flush. */
    private boolean admit(Seat seat, long from, List<Frame> missed, LongFunction<Frame> answer) {
        boolean write = false;
        for (Frame frame : missed) {
            write |= seat.socket().outbound().offer(frame);
        }
        if (answer != null) {
            write |= seat.socket().outbound().offer(answer.apply(from));
        }
        audience.admit(seat, from);
        return write;
    }

    private static void flush(Seat seat, boolean write) {
        if (write) {
            seat.socket().outbound().flush();
        }
    }

    /** Tells all but one of what may be lost under pressure. */
    private void hint(Frame frame, UUID except) {
        List<Outbound> ready;
        synchronized (this) {
            ready = audience.hint(frame, except);
        }
        means.fanout().flush(ready);
    }
}
