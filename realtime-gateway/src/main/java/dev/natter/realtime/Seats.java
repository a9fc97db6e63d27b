package dev.natter.realtime;

import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Problem;
import dev.natter.realtime.ServerFrame.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The chats that one socket has joined: how it gets in, out, and what it does there. Used by its socket's thread. */
final class Seats {
    private static final class Seat {
        private final Room room;
        private boolean typing;
        private long typedAt;

        Seat(Room room) {
            this.room = room;
        }
    }

    private final Socket socket;
    private final Conversation.Means means;
    private final Map<UUID, Seat> seats = new HashMap<>();

    Seats(Socket socket, Conversation.Means means) {
        this.socket = socket;
        this.means = means;
    }

    /** Lets the socket into a chat, and answers. */
    void join(String ref, ClientFrame.JoinChat join) throws InterruptedException {
        if (!seats.containsKey(join.chatId()) && seats.size() >= means.config().chatsPerSocket()) {
            throw Problem.of(409, "too_many_chats", "This socket has joined as many chats as it may.")
                    .refuse();
        }
        Room room = means.rooms().hold(join.chatId());
        Backfill.Head head;
        try {
            head = means.backfill().head(join.chatId(), socket.userId());
        } catch (RuntimeException refused) {
            means.rooms().releaseStranger(room);
            throw refused;
        }
        try {
            room.head(head.seq());
            stand(join.chatId());
            enter(ref, join, room, head);
            seats.put(join.chatId(), new Seat(room));
        } catch (RuntimeException | InterruptedException failed) {
            means.rooms().release(room);
            throw failed;
        }
    }

    private void enter(String ref, ClientFrame.JoinChat join, Room room, Backfill.Head head)
            throws InterruptedException {
        UUID chatId = join.chatId();
        Reason reason = reasonToResync(join, head);
        if (reason != null) {
            room.enter(socket, head.seq(), seq -> new ServerFrame.ResyncRequired(ref, chatId, seq, reason).frame());
        } else if (join.since() == null) {
            room.enter(socket, head.seq(), seq -> new ServerFrame.JoinedChat(ref, chatId, seq).frame());
        } else {
            replay(ref, chatId, join.since(), room, head);
        }
    }

    private Reason reasonToResync(ClientFrame.JoinChat join, Backfill.Head head) {
        if (join.epoch() != null && !join.epoch().equals(head.epoch())) {
            return Reason.epoch;
        }
        if (join.since() == null) {
            return null;
        }
        if (join.since() > head.seq()) {
            return Reason.ahead;
        }
        return head.seq() - join.since() > means.config().replayChanges() ? Reason.too_far : null;
    }

    private void replay(String ref, UUID chatId, long since, Room room, Backfill.Head head)
            throws InterruptedException {
        Backfill.Reading reading = means.backfill().since(chatId, since, true);
        long at = since;
        boolean last = since == head.seq();
        while (true) {
            while (!last) {
                Backfill.Page page = reading.next();
                for (Change change : page.changes()) {
                    socket.outbound().sendPatiently(change.frame());
                }
                last = page.last();
                at = page.upTo();
            }
            if (room.enterAt(socket, at, seq -> new ServerFrame.JoinedChat(ref, chatId, seq).frame())) {
                return;
            }
            last = false;
        }
    }

    /** Takes the socket out of a chat, and answers. */
    void leave(String ref, UUID chatId) {
        stand(chatId);
        socket.outbound().send(new ServerFrame.LeftChat(ref, chatId).frame());
    }

    private void stand(UUID chatId) {
        Seat seat = seats.remove(chatId);
        if (seat != null) {
            stand(seat);
        }
    }

    private void stand(Seat seat) {
        seat.room.leave(socket);
        means.rooms().release(seat.room);
    }

    /** Its user is typing, or has stopped. */
    void type(ClientFrame.Typing typing) {
        Seat seat = seats.get(typing.chatId());
        if (seat == null) {
            throw Problem.of(404, "not_found", "There is no such chat among those this socket has joined.")
                    .refuse();
        }
        long now = System.nanoTime();
        boolean again = seat.typing
                && now - seat.typedAt < means.config().typingInterval().toNanos();
        if (typing.isTyping() ? again : !seat.typing) {
            return;
        }
        seat.typing = typing.isTyping();
        seat.typedAt = now;
        var event = new LiveEvent.Typing(typing.chatId(), socket.userId(), typing.isTyping());
        means.bus().tell(Subjects.typing(typing.chatId()), Json.bytes(event));
    }

    /** The socket is gone. */
    void end() {
        seats.values().forEach(this::stand);
        seats.clear();
    }
}
