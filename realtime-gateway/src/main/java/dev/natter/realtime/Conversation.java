package dev.natter.realtime;

import dev.natter.contracts.Internal;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Problem.FieldError;
import dev.natter.platform.http.Refused;
import dev.natter.platform.token.Caller;
import dev.natter.platform.trace.Span;
import dev.natter.platform.trace.Tracer;
import dev.natter.realtime.FrameReader.Incoming;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * What one client says and is answered. Frames are taken one after the other, so answers come in the order of the
 * questions, and a client that asks for much waits for it itself. Used by its socket's thread alone.
 */
final class Conversation {
    private static final System.Logger LOG = System.getLogger(Conversation.class.getName());

    /** What conversations are held with; shared by all of them. */
    record Means(
            RealtimeConfig config,
            Admission admission,
            Tracer tracer,
            Bus bus,
            Peer messages,
            Peer chats,
            Rooms rooms,
            Boxes boxes,
            Membership membership,
            Backfill backfill,
            Dataset dataset,
            Sightings sightings) {}

    private final Socket socket;
    private final Means means;
    private final Seats seats;
    private final AllChats allChats;
    private boolean inBox;
    private final FrameRate rate;
    private int badInARow;
    private int badTokensInARow;

    Conversation(Socket socket, Means means) {
        this.socket = socket;
        this.means = means;
        this.seats = new Seats(socket, means);
        this.allChats = socket.wantsAllChats() ? new AllChats(socket.userId(), seats, means.chats()) : null;
        this.rate =
                new FrameRate(means.config().framesPerSecond(), means.config().framesBurst(), System.nanoTime());
    }

    /** Says hello. */
    void greet() throws InterruptedException {
        closeIfEnded();
        String epoch = means.dataset().epoch();
        inBox = true;
        means.boxes().enter(socket, userSeq -> hello(epoch, userSeq));
        if (allChats != null) {
            allChats.start();
        }
    }

    private Frame hello(String epoch, Long userSeq) {
        RealtimeConfig config = means.config();
        return new ServerFrame.Hello(
                        socket.userId(),
                        socket.caller().sessionId(),
                        epoch,
                        config.heartbeat().toSeconds(),
                        Instant.now(),
                        ServerFrame.Limits.of(config),
                        userSeq)
                .frame();
    }

    /** The user came into one more chat. */
    void mayJoin(UUID chatId) {
        if (allChats != null) {
            allChats.add(chatId);
        }
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
        if (allChats != null) {
            allChats.end();
        }
        if (inBox) {
            means.boxes().leave(socket);
        }
        seats.end();
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
            act(ref, frame, utf8);
        } catch (Refused refused) {
            refuse(ref, refused.problem());
        } catch (RuntimeException defect) {
            LOG.log(System.Logger.Level.ERROR, "A " + frame.getClass().getSimpleName() + " failed", defect);
            refuse(ref, Problem.of(500, "internal", "Something went wrong on our side."));
        }
    }

    private void act(String ref, ClientFrame frame, byte[] utf8) throws InterruptedException {
        switch (frame) {
            case ClientFrame.JoinChat join -> seats.join(ref, join);
            case ClientFrame.JoinChats join -> seats.join(ref, join);
            case ClientFrame.LeaveChat(UUID chatId) -> seats.leave(ref, chatId);
            case ClientFrame.Typing typing -> seats.type(typing);
            case ClientFrame.SendMessage send -> send(ref, send, utf8);
            case ClientFrame.MarkRead(UUID chatId) -> markRead(ref, chatId, utf8);
            case ClientFrame.Authenticate(String token) -> authenticate(ref, token);
            case ClientFrame.SubscribePresence(Set<UUID> userIds) -> subscribe(ref, userIds);
            case ClientFrame.Ping _ -> answer(new ServerFrame.Pong(ref, Instant.now()));
        }
    }

    // A frame is also the body that message-service's own API takes: what it doesn't know in it, it ignores.
    private void send(String ref, ClientFrame.SendMessage send, byte[] utf8) {
        Span span = means.tracer().begin(Span.Kind.SERVER, "send_message", null);
        try {
            Internal.MessageSent sent = span.during(() -> means.messages()
                    .relay(path(send.chatId(), "messages"), utf8, send.named(), Internal.MessageSent.class));
            answer(new ServerFrame.MessageSent(ref, sent.message(), sent.replayed()));
        } finally {
            span.end();
        }
    }

    private void markRead(String ref, UUID chatId, byte[] utf8) {
        Internal.Standing standing = means.messages().relay(path(chatId, "read"), utf8, true, Internal.Standing.class);
        answer(new ServerFrame.MarkedRead(ref, chatId, standing.lastReadSeq(), standing.unreadCount()));
    }

    private void subscribe(String ref, Set<UUID> userIds) {
        int most = means.config().presence().usersPerSocket();
        if (userIds.size() > most) {
            String detail = "'user_ids' may name " + most + " users.";
            throw Problem.invalid(List.of(new FieldError("user_ids", "too_many", detail)))
                    .refuse();
        }
        means.sightings().ask(socket, ref, userIds);
    }

    private void authenticate(String ref, String token) {
        try {
            Caller caller = means.admission().byToken(token);
            if (!caller.userId().equals(socket.userId())) {
                throw Problem.of(403, "forbidden", "This is another user's token.")
                        .refuse();
            }
            socket.renew(caller);
            closeIfEnded();
            badTokensInARow = 0;
            answer(new ServerFrame.Authenticated(ref, caller.expiresAt()));
        } catch (Refused refused) {
            refuse(ref, refused.problem());
            int status = refused.problem().status();
            if (status != 503 && ++badTokensInARow >= means.config().badFrames()) {
                close(status == 403 ? CloseCode.FORBIDDEN : CloseCode.UNTRUSTED);
            }
        }
    }

    // A session that ends is looked for among the sockets; one that ended just before is found here.
    private void closeIfEnded() {
        if (means.admission().hasEnded(socket.caller())) {
            close(CloseCode.SESSION_ENDED);
        }
    }

    private String path(UUID chatId, String what) {
        return "/internal/chats/" + chatId + "/" + what + "?user_id=" + socket.userId();
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
