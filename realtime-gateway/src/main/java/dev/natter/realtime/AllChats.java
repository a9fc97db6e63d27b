package dev.natter.realtime;

import dev.natter.contracts.Internal;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Refused;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Joins every chat of a socket's user, for a client that wants them all: those there are, the latest active first, and
 * those that come. What can't be joined now is tried again. Thread-safe; its own thread lives only while there is
 * something to join.
 */
final class AllChats {
    private static final System.Logger LOG = System.getLogger(AllChats.class.getName());
    private static final long RETRY_MILLIS = 1_000;

    private final UUID userId;
    private final Seats seats;
    private final Peer chats;
    private final Set<UUID> wanted = new LinkedHashSet<>();
    private boolean listed;
    private boolean working;
    private boolean ended;

    AllChats(UUID userId, Seats seats, Peer chats) {
        this.userId = userId;
        this.seats = seats;
        this.chats = chats;
    }

    /** Begins with those there are. */
    synchronized void start() {
        work();
    }

    /** The user came into one more. */
    synchronized void add(UUID chatId) {
        wanted.add(chatId);
        work();
    }

    /** The socket is gone. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    private void work() {
        if (!working && !ended) {
            working = true;
            Thread.startVirtualThread(this::run);
        }
    }

    private void run() {
        try {
            for (List<UUID> some = next(); some != null; some = next()) {
                try {
                    join(some);
                } catch (Refused unavailable) {
                    tryLater(some);
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException defect) {
            LOG.log(System.Logger.Level.ERROR, "Joining the chats of " + userId + " failed", defect);
        }
    }

    private void join(List<UUID> added) throws InterruptedException {
        if (listed) {
            seats.follow(added, false);
            return;
        }
        var all = new LinkedHashSet<>(chats.get("/internal/users/" + userId + "/chats", Internal.ChatIds.class)
                .orElseThrow(() ->
                        Problem.unavailable("Chats can't be listed right now.").refuse())
                .ids());
        all.addAll(added);
        seats.follow(all, true);
        listed = true;
    }

    /** What is to be joined next; null if there is nothing. */
    private synchronized List<UUID> next() {
        if (ended || listed && wanted.isEmpty()) {
            working = false;
            return null;
        }
        List<UUID> some = List.copyOf(wanted);
        wanted.clear();
        return some;
    }

    private synchronized void tryLater(List<UUID> some) throws InterruptedException {
        wanted.addAll(some);
        if (!ended) {
            wait(RETRY_MILLIS);
        }
    }
}
