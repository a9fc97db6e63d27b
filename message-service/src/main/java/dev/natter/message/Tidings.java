package dev.natter.message;

import dev.natter.contracts.Internal.Seat;
import dev.natter.contracts.Internal.Standing;
import dev.natter.contracts.LiveEvent.MessageRead;
import dev.natter.contracts.LiveEvent.Unread;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.http.Json;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Tells, after the fact, who has read how far, and a reader's own devices how their chats stand then. The sum over all
 * chats is asked for behind the request's back by one thread: while one query is under way, the next readers gather.
 * Who reads on and on is told the latest only. Thread-safe; never blocks.
 */
final class Tidings implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Tidings.class.getName());

    /**
     * Users in one query; and how many may wait before the oldest are forgotten: they are told with their next read.
     */
    private static final int AT_ONCE = 100;

    private static final int MOST_WAITING = 50_000;

    private final Bus bus;
    private final Unreads unreads;
    private final Set<Seat> waiting = new LinkedHashSet<>();
    private final Thread thread = Thread.ofVirtual().name("tidings").unstarted(this::run);
    private boolean closed;

    Tidings(Bus bus, Unreads unreads) {
        this.bus = bus;
        this.unreads = unreads;
    }

    void start() {
        thread.start();
    }

    /** A member has read on. */
    void read(UUID chatId, UUID userId, long seq) {
        bus.tell(Subjects.read(chatId), Json.bytes(new MessageRead(chatId, userId, seq)));
        moved(chatId, userId);
    }

    /** A member's position has moved, in any direction. */
    void moved(UUID chatId, UUID userId) {
        synchronized (waiting) {
            waiting.add(new Seat(chatId, userId));
            if (waiting.size() > MOST_WAITING) {
                waiting.remove(waiting.iterator().next());
            }
            waiting.notifyAll();
        }
    }

    private void run() {
        while (true) {
            try {
                Set<Seat> seats = next();
                if (seats.isEmpty()) {
                    return;
                }
                tell(seats);
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException failure) {
                // Only true now, and told again with the next read.
                LOG.log(Level.DEBUG, "Not told who has read: {0}", failure);
            }
        }
    }

    /** Empty at the end. */
    private Set<Seat> next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty() && !closed) {
                waiting.wait();
            }
            Set<Seat> seats = new HashSet<>();
            Iterator<Seat> each = waiting.iterator();
            while (!closed && each.hasNext() && seats.size() < AT_ONCE) {
                seats.add(each.next());
                each.remove();
            }
            return seats;
        }
    }

    private void tell(Set<Seat> seats) {
        Set<UUID> users = seats.stream().map(Seat::userId).collect(Collectors.toSet());
        unreads.standings(users).forEach((user, chats) -> {
            long total =
                    chats.values().stream().mapToLong(Standing::unreadCount).sum();
            seats.stream()
                    .filter(seat -> seat.userId().equals(user))
                    .map(seat -> chats.get(seat.chatId()))
                    .filter(standing -> standing != null)
                    .forEach(standing -> bus.tell(
                            Subjects.unread(user),
                            Json.bytes(new Unread(
                                    standing.chatId(), standing.unreadCount(), standing.lastReadSeq(), total))));
        });
    }

    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
    }
}
