package dev.natter.realtime;

import dev.natter.contracts.Internal;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Refused;
import dev.natter.realtime.Backfill.Head;
import dev.natter.realtime.Backfill.Page;
import dev.natter.realtime.Backfill.Reading;
import dev.natter.realtime.ServerFrame.Reason;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;

/**
 * One attempt of a socket to enter some chats. First it holds all their rooms, which listen then, and only after that
 * asks where the logs stand and who may enter, all with one question: so whatever the answers don't know yet will
 * arrive. Then one chat after the other is entered; a chat whose log hasn't moved costs no further question.
 */
final class Joining implements AutoCloseable {
    private static final int TRIES = 5;
    private static final int READERS = 8;

    private record Door(Room room, Head head, long trusted) {}

    private final Socket socket;
    private final Conversation.Means means;
    private final String ref;
    private final String epoch;
    private final Map<UUID, Room> held;
    private final Map<UUID, Door> doors = new HashMap<>();

    /**
     * Holds the rooms of some chats and asks about them.
     *
     * @param ref what the question said
     * @param epoch of which data set its numbers are, or null
     * @throws dev.natter.platform.http.Refused 503 if that can't be known now
     */
    Joining(Socket socket, Conversation.Means means, String ref, String epoch, Set<UUID> chatIds)
            throws InterruptedException {
        this.socket = socket;
        this.means = means;
        this.ref = ref;
        this.epoch = epoch;
        this.held = new LinkedHashMap<>(means.rooms().hold(chatIds));
        try {
            Map<Internal.Seat, Head> heads =
                    means.backfill().heads(chatIds.stream().map(this::place).toList());
            var own = new HashMap<Internal.Seat, Head>();
            chatIds.stream().map(this::place).filter(heads::containsKey).forEach(it -> own.put(it, heads.get(it)));
            if (!own.values().stream().allMatch(Head::isSure)) {
                throw Problem.unavailable("It can't be told right now who is in this chat.")
                        .refuse();
            }
            means.membership().rely(own).forEach((place, trusted) -> {
                Room room = held.get(place.chatId());
                room.head(own.get(place).seq());
                doors.put(place.chatId(), new Door(room, own.get(place), trusted));
            });
        } catch (RuntimeException | InterruptedException failed) {
            close();
            throw failed;
        }
    }

    /** Whether there is such a chat, and the user is in it. */
    boolean isOpen(UUID chatId) {
        return doors.containsKey(chatId);
    }

    /**
     * Has the logs of those chats read that have moved, some at a time, so that entering them needn't wait for each.
     */
    void prepare(Map<UUID, Long> chats) {
        List<UUID> moved = chats.keySet().stream()
                .filter(this::isOpen)
                .filter(chatId -> chats.get(chatId) != null)
                .filter(chatId ->
                        reasonToResync(chats.get(chatId), doors.get(chatId).head()) == null)
                .filter(chatId -> chats.get(chatId) < doors.get(chatId).head().seq())
                .toList();
        if (moved.size() < 2) {
            return;
        }
        var failed = new AtomicBoolean();
        try (ExecutorService readers =
                Executors.newFixedThreadPool(READERS, Thread.ofVirtual().factory())) {
            for (UUID chatId : moved) {
                readers.execute(() -> {
                    if (!failed.get()) {
                        failed.compareAndSet(false, !remember(doors.get(chatId), chats.get(chatId)));
                    }
                });
            }
        }
    }

    private static boolean remember(Door door, long since) {
        try {
            door.room().filling().remember(since, door.head().seq());
            return true;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Refused unavailable) {
            return false;
        }
    }

    /**
     * Tells what was missed, and enters.
     *
     * @param since what the client holds; null if it wants nothing of the past
     * @param joined makes the answer, or is null; if what was missed can't be told, the answer is another
     * @return the seat, and whether everything was told; null if the user isn't in the chat any more
     * @throws dev.natter.platform.http.Refused 503 if that can't be known, or told, now
     */
    Entered enter(UUID chatId, Long since, LongFunction<Frame> joined) throws InterruptedException {
        // One reading for all tries: what was told isn't told again.
        Reading reading = since == null ? null : means.backfill().read(chatId, since, since);
        for (int i = 0; i < TRIES; i++) {
            Door door = doors.get(chatId);
            Seat seat = new Seat(socket, door.room(), door.trusted());
            Reason reason = reasonToResync(since, door.head());
            Entry entry;
            if (reason != null) {
                entry = door.room().enter(seat, door.trusted(), door.head().seq(), seq -> resync(chatId, seq, reason));
            } else if (since == null) {
                entry = door.room().enter(seat, door.trusted(), door.head().seq(), joined);
            } else {
                entry = replay(seat, door, reading, joined);
            }
            if (entry == Entry.IN) {
                held.remove(chatId);
                return new Entered(seat, reason == null);
            }
            if (!askAgain(chatId)) {
                return null;
            }
        }
        throw Problem.unavailable("Too much happens in this chat right now.").refuse();
    }

    /**
     * A chat was entered.
     *
     * @param seat the place in it
     * @param whole whether everything that was missed was told
     */
    record Entered(Seat seat, boolean whole) {}

    private Entry replay(Seat seat, Door door, Reading reading, LongFunction<Frame> joined)
            throws InterruptedException {
        Room room = door.room();
        long head = door.head().seq();
        while (true) {
            List<Frame> missed = room.recall(reading, head);
            if (missed == null && room.filling().remember(reading.at(), head)) {
                missed = room.recall(reading, head);
            }
            if (missed == null) {
                Page page = reading.next();
                missed = page.changes().stream().map(Change::replayed).toList();
            }
            socket.outbound().sendPatiently(missed);
            Entry entry = room.enter(seat, door.trusted(), head, joined, reading);
            if (entry != Entry.BEHIND) {
                return entry;
            }
        }
    }

    private Reason reasonToResync(Long since, Head head) {
        if (epoch != null && !epoch.equals(head.epoch())) {
            return Reason.epoch;
        }
        if (since == null) {
            return null;
        }
        if (since > head.seq()) {
            return Reason.ahead;
        }
        return head.seq() - since > means.config().replayChanges() ? Reason.too_far : null;
    }

    private Frame resync(UUID chatId, long seq, Reason reason) {
        return new ServerFrame.ResyncRequired(ref, chatId, seq, reason).frame();
    }

    /** Somebody was removed meanwhile: perhaps this user. */
    private boolean askAgain(UUID chatId) throws InterruptedException {
        Door door = doors.remove(chatId);
        Internal.Seat place = place(chatId);
        Long trusted = means.membership().rely(Map.of(place, door.head())).get(place);
        if (trusted != null) {
            doors.put(chatId, new Door(door.room(), door.head(), trusted));
        }
        return trusted != null;
    }

    private Internal.Seat place(UUID chatId) {
        return new Internal.Seat(chatId, socket.userId());
    }

    /** Gives back the rooms that weren't entered. */
    @Override
    public void close() {
        held.values().forEach(means.rooms()::releaseStranger);
        held.clear();
    }
}
