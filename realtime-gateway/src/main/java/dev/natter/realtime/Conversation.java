package dev.natter.realtime;

import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Refused;
import dev.natter.realtime.FrameReader.Incoming;
import dev.natter.realtime.ServerFrame.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * What one client says and is answered. Frames are taken one after the other, so answers come in the order of the
 * questions, and a client that asks for much waits for it itself. Used by its socket's thread alone.
 */
final class Conversation {
    private static final System.Logger LOG = System.getLogger(Conversation.class.getName());

    /** What conversations are held with; shared by all of them. */
    record Means(RealtimeConfig config, Bus bus, Rooms rooms, Backfill backfill, Dataset dataset) {}

    private static final class Seat {
        private final Room room;
        private boolean typing;
        private long typedAt;

        Seat(Room room) {
            this.room = room;
        }
    }

    private final Socket socket;
    private final Means means;
    private final Map<UUID, Seat> seats = new HashMap<>();
    private final FrameRate rate;
    private int badInARow;

    Conversation(Socket socket, Means means) {
        this.socket = socket;
        this.means = means;
        this.rate =
                new FrameRate(means.config().framesPerSecond(), means.config().framesBurst(), System.nanoTime());
    }

    /** Says hello. */
    void greet() {
        RealtimeConfig config = means.config();
        answer(new ServerFrame.Hello(
                socket.userId(),
                socket.caller().sessionId(),
                means.dataset().epoch(),
                config.heartbeat().toSeconds(),
                Instant.now(),
                new ServerFrame.Limits(
                        RealtimeConfig.MAX_FRAME,
                        config.framesPerSecond(),
                        config.framesBurst(),
                        config.chatsPerSocket(),
                        config.socketsPerUser(),
                        config.replayChanges(),
                        config.typingInterval().toSeconds())));
    }

    /** Takes a message or control frame. */
    void hear(Incoming incoming) throws InterruptedException {
        FrameRate.Verdict verdict = rate.take(System.nanoTime());
        switch (verdict) {
            case FINE -> take(incoming);
            case REFUSED -> refuse(null, tooMany());
            case TOO_MUCH -> close(CloseCode.TOO_MANY_FRAMES);
        }
    }

    /** The socket is gone. */
    void end() {
        seats.values().forEach(this::stand);
        seats.clear();
    }

    private void take(Incoming incoming) throws InterruptedException {
        switch (incoming) {
            case Incoming.Text(byte[] utf8) -> understand(utf8);
            case Incoming.Binary _ -> bad(null, Problem.malformed("A frame is text."));
            case Incoming.Ping(byte[] payload) -> socket.outbound().send(Frame.pong(payload));
            case Incoming.Pong _ -> {}
            case Incoming.Close _ -> throw new IllegalStateException("The socket itself takes the close frame");
        }
    }

    private void understand(byte[] utf8) throws InterruptedException {
        String ref = null;
        ClientFrame frame;
        try {
            JsonNode object = ClientFrame.read(utf8);
            ref = ClientFrame.ref(object);
            frame = ClientFrame.of(object);
        } catch (Refused refused) {
            bad(ref, refused.problem());
            return;
        }
        badInARow = 0;
        try {
            act(ref, frame);
        } catch (Refused refused) {
            refuse(ref, refused.problem());
        } catch (RuntimeException defect) {
            LOG.log(System.Logger.Level.ERROR, "A frame failed: " + frame, defect);
            refuse(ref, Problem.of(500, "internal", "Something went wrong on our side."));
        }
    }

    private void act(String ref, ClientFrame frame) throws InterruptedException {
        switch (frame) {
            case ClientFrame.JoinChat join -> join(ref, join);
            case ClientFrame.LeaveChat(UUID chatId) -> {
                leave(chatId);
                answer(new ServerFrame.LeftChat(ref, chatId));
            }
            case ClientFrame.Typing typing -> type(typing);
            case ClientFrame.Ping _ -> answer(new ServerFrame.Pong(ref, Instant.now()));
        }
    }

    private void join(String ref, ClientFrame.JoinChat join) throws InterruptedException {
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
            leave(join.chatId());
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

    private void leave(UUID chatId) {
        Seat seat = seats.remove(chatId);
        if (seat != null) {
            stand(seat);
        }
    }

    private void stand(Seat seat) {
        seat.room.leave(socket);
        means.rooms().release(seat.room);
    }

    private void type(ClientFrame.Typing typing) {
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

    private Problem tooMany() {
        var wait = Duration.ofMillis(rate.retryAfterMillis());
        return new Problem(429, "rate_limited", "Too many frames.", true, wait, List.of());
    }

    private void bad(String ref, Problem problem) {
        refuse(ref, problem);
        if (++badInARow >= means.config().badFrames()) {
            close(CloseCode.BAD_FRAMES);
        }
    }

    private void refuse(String ref, Problem problem) {
        answer(ServerFrame.Error.of(ref, problem));
    }

    private void answer(ServerFrame frame) {
        socket.outbound().send(frame.frame());
    }

    private void close(CloseCode code) {
        if (socket.outbound().offerClose(code)) {
            socket.outbound().flush();
        }
    }
}
