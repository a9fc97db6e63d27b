package dev.natter.realtime;

import dev.natter.platform.http.RequestId;
import dev.natter.platform.http.Wire;
import dev.natter.platform.token.Caller;
import dev.natter.realtime.FrameReader.Incoming;
import dev.natter.realtime.FrameReader.Violation;
import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/**
 * One client's WebSocket, in place of Helidon's own connection, which neither notices vanished peers nor keeps to RFC
 * 6455 (see {@code HelidonWebSocketBehaviourTest}). A virtual thread reads and answers, one frame after the other;
 * whatever goes out, from whichever thread, goes through {@link Outbound}. However the connection ends, the last call
 * of {@link #run} ends with it, and that is the one place where its end is noticed.
 *
 * <p>A thread that has waited and was woken leaves the next wait to a new one. Were it to wait again, its stack would
 * stay in two pieces, since the JVM thaws of one that the collector has moved no more than what runs, and freezes that
 * anew; so of an idle socket half the memory would be a stack's unused end.
 */
final class Socket implements Runnable {
    private static final System.Logger LOG = System.getLogger(Socket.class.getName());

    /** How long before the end a client is told that its token expires; less if there is less left. */
    private static final Duration WARNING = Duration.ofMinutes(1);

    private final Wire wire;
    private final UUID userId;
    private final boolean allChats;
    private final String requestId;
    private final RealtimeConfig config;
    private final Sockets sockets;
    private final Outbound outbound;
    private final Conversation conversation;
    private final Inlet inlet;
    private final FrameReader reader;
    private volatile Caller caller;
    private volatile boolean greeted;
    private Caller warned;
    private volatile boolean busy;
    private volatile long heard = System.nanoTime();
    private long pinged = System.nanoTime();

    Socket(
            Wire wire,
            DataReader http,
            Caller caller,
            boolean allChats,
            String requestId,
            RealtimeConfig config,
            Sockets sockets,
            Meters meters,
            Function<Socket, Conversation> conversation) {
        this.wire = wire;
        this.userId = caller.userId();
        this.caller = caller;
        this.allChats = allChats;
        this.requestId = requestId;
        this.config = config;
        this.sockets = sockets;
        this.outbound = new Outbound(wire::write, this::cut, config.queueBytes(), sockets.backlog(), meters);
        this.conversation = conversation.apply(this);
        this.inlet = new Inlet(wire.in(), http);
        this.reader = new FrameReader(inlet, RealtimeConfig.MAX_FRAME);
    }

    UUID userId() {
        return userId;
    }

    /** Who has shown a token or ticket last: always the same user. */
    Caller caller() {
        return caller;
    }

    /** The same user has shown another token: from now on this is a socket of its session, until it expires. */
    void renew(Caller again) {
        caller = again;
    }

    /** Whether the client asked for all its chats. */
    boolean wantsAllChats() {
        return allChats;
    }

    /** The user came into one more chat. */
    void mayJoin(UUID chatId) {
        conversation.mayJoin(chatId);
    }

    Outbound outbound() {
        return outbound;
    }

    /** Ends the connection without a word; frees whoever is blocked writing to it. */
    void cut() {
        try {
            wire.close();
        } catch (UncheckedIOException alreadyGone) {
            LOG.log(System.Logger.Level.TRACE, "Closing a socket failed", alreadyGone);
        }
    }

    /**
     * Time passes: pings, and closes whoever is silent, slow to say goodbye, stuck, or no longer authenticated.
     *
     * @return whether the caller is now the writer of {@link #outbound} and must flush it
     */
    boolean tick(long now, Instant wall) {
        long closing = outbound.closingSince();
        long writing = outbound.writingSince();
        if (closing != 0 && now - closing > config.closeTimeout().toNanos()
                || writing != 0 && now - writing > config.writeTimeout().toNanos()) {
            cut();
            return false;
        }
        Caller current = caller;
        if (!wall.isBefore(current.expiresAt())) {
            return outbound.offerClose(CloseCode.TOKEN_EXPIRED);
        }
        if (!busy && now - heard > config.silence().toNanos()) {
            return outbound.offerClose(CloseCode.SILENCE);
        }
        boolean mustFlush = false;
        if (greeted && current != warned && !wall.isBefore(current.expiresAt().minus(WARNING))) {
            warned = current;
            mustFlush = outbound.offer(new ServerFrame.TokenExpiring(current.expiresAt()).frame());
        }
        if (now - pinged > config.heartbeat().toNanos()) {
            pinged = now;
            mustFlush |= outbound.offer(Frame.ping());
        }
        return mustFlush;
    }

    /** Begins, on threads of its own. */
    void open() {
        sockets.add(this);
        Thread.startVirtualThread(this);
    }

    /** Says hello, or waits for what the client says next and does it. */
    @Override
    public void run() {
        boolean goesOn = false;
        try {
            goesOn = greeted ? listen() : greet();
        } catch (CloseConnectionException gone) {
            LOG.log(System.Logger.Level.TRACE, "A peer has gone", gone);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException defect) {
            LOG.log(System.Logger.Level.ERROR, "A conversation with " + caller + " failed", defect);
        } finally {
            if (goesOn) {
                Thread.startVirtualThread(this);
            } else {
                end();
            }
        }
    }

    private boolean greet() throws InterruptedException {
        RequestId.during(requestId, () -> {
            conversation.greet();
            return null;
        });
        greeted = true;
        return true;
    }

    private boolean listen() throws InterruptedException {
        try {
            do {
                if (!hear(reader.next())) {
                    return false;
                }
            } while (inlet.hasMore());
            return true;
        } catch (Violation violation) {
            LOG.log(System.Logger.Level.DEBUG, "{0} broke the protocol: {1}", caller, violation.getMessage());
            outbound.closeAndWait(violation.code());
            // Closing at once, with bytes of the client unread, would reset the connection and lose the close frame.
            while (true) {
                reader.discard();
            }
        }
    }

    private boolean hear(Incoming incoming) throws InterruptedException {
        busy = true;
        if (incoming instanceof Incoming.Close(int code)) {
            outbound.closeAndWait(code == CloseCode.GOING_AWAY.code() ? CloseCode.GOING_AWAY : CloseCode.NORMAL);
            return false;
        }
        if (outbound.closingSince() == 0) {
            RequestId.during(requestId, () -> {
                conversation.hear(incoming);
                return null;
            });
        }
        // Whoever never ends a message is silent, however many pings come between.
        heard = reader.isInMessage() ? heard : System.nanoTime();
        busy = false;
        return true;
    }

    private void end() {
        outbound.abandon();
        conversation.end();
        sockets.remove(this);
        cut();
    }
}
