package dev.natter.realtime;

import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Refused;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * A chat that somebody here watches: its feed, its sockets, who types. One lock orders what the feed lets through, who
 * is in, and what is queued to whom, so a socket that enters at some number gets exactly what comes after it. Under the
 * lock nothing blocks; writing is left to the {@link Fanout}.
 */
final class Room {
    private static final System.Logger LOG = System.getLogger(Room.class.getName());
    private static final int MAX_WAITING = 1024;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Member(Socket socket, long from) {}

    private final UUID chatId;
    private final ChatFeed feed;
    private final Typists typists;
    private final Backfill backfill;
    private final Fanout fanout;
    private final Meters meters;
    private Member[] members = {};
    private long doubts;
    private long settled;
    private boolean looking;
    private long holeSince;
    private long fillNotBefore = System.nanoTime();
    private Bus.Subscription timeline;
    private Bus.Subscription live;
    private boolean closed;

    Room(UUID chatId, RealtimeConfig config, Backfill backfill, Fanout fanout, Meters meters) {
        this.chatId = chatId;
        this.feed = new ChatFeed(config.recentChanges(), MAX_WAITING);
        this.typists = new Typists(config.typingLifetime().toNanos());
        this.backfill = backfill;
        this.fanout = fanout;
        this.meters = meters;
    }

    UUID chatId() {
        return chatId;
    }

    /** Whether anyone was ever let in, or found to be a member. */
    synchronized boolean isKnown() {
        return feed.applied() >= 0;
    }

    /** Begins to listen, once; returns when nothing published from now on can be missed. */
    void listen(Bus bus) {
        synchronized (typists) {
            if (timeline == null && !closed) {
                timeline = bus.subscribe(Subjects.timeline(chatId), this::arrived);
                live = bus.subscribe(Subjects.live(chatId), this::live);
            }
        }
    }

    /** Stops listening. */
    void close() {
        synchronized (typists) {
            closed = true;
            if (timeline != null) {
                timeline.close();
                live.close();
            }
        }
    }

    /** The log was seen to stand at a number. */
    void head(long seq) {
        List<Outbound> ready;
        synchronized (this) {
            ready = deliver(feed.head(seq));
        }
        fanout.flush(ready);
    }

    /**
     * Lets a socket in: it gets an answer, and then everything after the number that the answer names.
     *
     * @param socket the socket
     * @param seen a number that the log is known to have reached
     * @param answer makes the answer from the number: the later of {@code seen} and what was let through
     */
    void enter(Socket socket, long seen, LongFunction<Frame> answer) {
        synchronized (this) {
            long at = Math.max(seen, feed.applied());
            admit(socket, at, answer.apply(at), List.of());
        }
        socket.flush();
    }

    /**
     * Lets a socket in that holds everything up to a number.
     *
     * @return false if more has passed since than is remembered; nothing has happened then
     */
    boolean enterAt(Socket socket, long at, LongFunction<Frame> answer) {
        synchronized (this) {
            List<Change> since = feed.after(at);
            if (since == null) {
                return false;
            }
            admit(socket, at, answer.apply(at), since);
        }
        socket.flush();
        return true;
    }

    /** Lets a socket out. */
    synchronized void leave(Socket socket) {
        members = Arrays.stream(members)
                .filter(member -> member.socket() != socket)
                .toArray(Member[]::new);
    }

    /** Something may have been missed, without a hole to show it: somebody must look until the log has answered. */
    synchronized void doubt() {
        doubts++;
    }

    /** Takes on to {@link #look}, if there is a doubt that nobody is looking into and it is time to. */
    synchronized boolean beginLook(long now) {
        boolean begin = doubts != settled && !looking && feed.applied() >= 0 && now - fillNotBefore > 0;
        looking |= begin;
        return begin;
    }

    /** Looks into the log; blocks. */
    void look() {
        try {
            recheck();
        } finally {
            synchronized (this) {
                looking = false;
            }
        }
    }

    private void recheck() {
        OptionalLong since;
        synchronized (this) {
            since = feed.beginFill();
        }
        since.ifPresent(this::fill);
    }

    /** Time passes: who has stopped typing, which hole nobody has filled. */
    void tick(long now) {
        List<UUID> silent;
        boolean fill;
        synchronized (this) {
            silent = typists.silent(now);
            if (!feed.hasHole()) {
                holeSince = now;
            }
            fill = feed.hasHole() && now - holeSince > PATIENCE_NANOS && now - fillNotBefore > 0;
        }
        for (UUID userId : silent) {
            hint(Frame.text(Json.bytes(new LiveEvent.Typing(chatId, userId, false))), userId);
        }
        if (fill) {
            Thread.startVirtualThread(this::recheck);
        }
    }

    private void arrived(Delivery delivery) {
        Change change = Change.of(delivery);
        List<Outbound> ready;
        boolean fill;
        synchronized (this) {
            ready = deliver(feed.arrived(change));
            fill = feed.isHeldUp() && System.nanoTime() - fillNotBefore > 0;
        }
        fanout.flush(ready);
        if (fill) {
            meters.gap();
            Thread.startVirtualThread(this::recheck);
        }
    }

    private void fill(long since) {
        try {
            Backfill.Reading reading = backfill.since(chatId, since, false);
            boolean last = false;
            while (!last) {
                long asked = doubts();
                Backfill.Page page = reading.next();
                List<Outbound> ready;
                synchronized (this) {
                    ready = deliver(feed.filled(page.changes(), page.upTo(), page.last()));
                    settled = page.last() ? asked : settled;
                }
                fanout.flush(ready);
                last = page.last();
            }
        } catch (Refused unavailable) {
            giveUpForNow();
        } catch (RuntimeException wrong) {
            LOG.log(System.Logger.Level.ERROR, "Filling a hole of chat " + chatId + " failed", wrong);
            giveUpForNow();
        }
    }

    private synchronized long doubts() {
        return doubts;
    }

    private void giveUpForNow() {
        List<Outbound> ready;
        synchronized (this) {
            fillNotBefore = System.nanoTime() + RETRY_NANOS;
            ready = deliver(feed.fillFailed());
        }
        fanout.flush(ready);
    }

    private void admit(Socket socket, long at, Frame answer, List<Change> since) {
        socket.enqueue(answer);
        since.forEach(change -> socket.enqueue(change.frame()));
        members = Arrays.copyOf(members, members.length + 1);
        members[members.length - 1] = new Member(socket, at);
    }

    private List<Outbound> deliver(List<Change> changes) {
        if (changes.isEmpty() || members.length == 0) {
            return List.of();
        }
        var ready = new ArrayList<Outbound>(members.length);
        for (Change change : changes) {
            for (Member member : members) {
                if (change.seq() > member.from() && member.socket().outbound().offer(change.frame())) {
                    ready.add(member.socket().outbound());
                }
            }
        }
        meters.delivered((long) changes.size() * members.length);
        return ready;
    }

    private void live(Delivery delivery) {
        LiveEvent event;
        try {
            event = Json.parse(delivery.payload(), LiveEvent.class);
        } catch (IllegalArgumentException notOurs) {
            LOG.log(System.Logger.Level.DEBUG, "An unreadable event on {0}", delivery.subject());
            return;
        }
        switch (event) {
            case LiveEvent.Typing(UUID _, UUID userId, boolean isTyping) ->
                typing(Frame.text(delivery.payload()), userId, isTyping);
            case LiveEvent.MessageRead _ -> hint(Frame.text(delivery.payload()), null);
            // These are for users, not for chats.
            case LiveEvent.Unread _, LiveEvent.ChatActivity _, LiveEvent.Unknown _ -> {}
        }
    }

    private void typing(Frame frame, UUID userId, boolean isTyping) {
        boolean worthTelling;
        synchronized (this) {
            worthTelling = userId != null && typists.told(userId, isTyping, System.nanoTime());
        }
        if (worthTelling) {
            hint(frame, userId);
        }
    }

    /** Tells all but one of what may be lost under pressure. */
    private void hint(Frame frame, UUID except) {
        var ready = new ArrayList<Outbound>();
        synchronized (this) {
            for (Member member : members) {
                if (!member.socket().userId().equals(except)
                        && member.socket().outbound().offerIfCalm(frame)) {
                    ready.add(member.socket().outbound());
                }
            }
        }
        fanout.flush(ready);
    }
}
