package dev.natter.platform.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * One connection, and what it is waiting for. Its state is written by its own thread and read by the sweeper; a state
 * read a moment too late only means a connection closed a moment too late.
 */
final class Connection implements ServerConnection, InterruptableTask<Void> {
    static final ScopedValue<Connection> CURRENT = ScopedValue.newInstance();

    /** How long a refused body is read at most, and how long a pause in it means that there is no more. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final Duration QUIET = Duration.ofMillis(250);

    /** Each byte of a body earns its sender more time: 1 KiB a second is enough for ever, a byte now and then isn't. */
    private static final long NANOS_PER_BYTE = 1_000_000_000 / 1_024;

    /** Where a connection is. */
    private enum Phase {
        IDLE,
        HEAD,
        PARSED,
        ROUTED,
        LINGERING
    }

    private final ConnectionContext ctx;
    private final Connections all;
    private volatile ServerConnection http;
    private boolean hasBody;
    private volatile Phase phase = Phase.IDLE;
    private volatile long phaseSince = System.nanoTime();
    private volatile long blockedSince;
    private volatile long bodyNanos;

    Connection(ConnectionContext ctx, Connections all) {
        this.ctx = ctx;
        this.all = all;
    }

    void of(ServerConnection connection) {
        this.http = connection;
    }

    ConnectionContext context() {
        return new Watched();
    }

    boolean isIdle() {
        return phase == Phase.IDLE;
    }

    /** Whether it is still about what the request is. */
    boolean isParsing() {
        return phase == Phase.IDLE || phase == Phase.HEAD;
    }

    boolean isOverdue(long now, EdgeConfig limits) {
        // In this order: what is added to the first is taken from the second before.
        long spent = bodyNanos;
        long blocked = blockedSince;
        return switch (phase) {
            case IDLE, PARSED -> false;
            case HEAD -> now - phaseSince > limits.headTimeout().toNanos();
            case ROUTED ->
                blocked != 0 && now - blocked + spent > limits.bodyTimeout().toNanos();
            case LINGERING -> now - phaseSince > LINGER.toNanos() || blocked != 0 && now - blocked > QUIET.toNanos();
        };
    }

    void headRead(Headers headers) {
        hasBody = headers.contains(HeaderNames.CONTENT_LENGTH) || headers.contains(HeaderNames.TRANSFER_ENCODING);
        enter(Phase.PARSED);
    }

    /** The request has reached the edge, so it isn't an upgrade. */
    void routed() {
        bodyNanos = 0;
        enter(Phase.ROUTED);
    }

    void answered() {
        enter(Phase.IDLE);
    }

    /** Closes the socket; whatever thread is blocked on it goes on with an exception. */
    void cut() {
        try {
            ctx.serverSocket().close();
        } catch (UncheckedIOException alreadyClosed) {
            all.ended(this);
        }
    }

    /** Takes the socket out of HTTP's hands. */
    Wire detach() {
        return all.detach(ctx.serverSocket());
    }

    @Override
    public void handle(Semaphore requests) throws InterruptedException {
        try {
            ScopedValue.where(CURRENT, this).call(() -> {
                http.handle(requests);
                return null;
            });
        } finally {
            linger();
            all.ended(this);
        }
    }

    @Override
    public Duration idleTime() {
        return http.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        http.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
        return http instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    /**
     * Reads on for a moment if the client may still be sending a body that was refused: closing with unread bytes makes
     * the kernel reset the connection, and the client might never see the answer (RFC 9112, section 9.6).
     */
    private void linger() {
        if (!hasBody || phase == Phase.IDLE || phase == Phase.HEAD) {
            return;
        }
        enter(Phase.LINGERING);
        try {
            byte[] unread;
            do {
                unread = read();
            } while (unread != null);
        } catch (CloseConnectionException cut) {
            enter(Phase.IDLE);
        }
    }

    private void enter(Phase next) {
        phaseSince = System.nanoTime();
        phase = next;
    }

    private byte[] read() {
        blockedSince = System.nanoTime();
        try {
            byte[] bytes = ctx.serverSocket().get();
            if (phase == Phase.ROUTED && bytes != null) {
                long waited = System.nanoTime() - blockedSince;
                blockedSince = 0;
                bodyNanos = Math.max(0, bodyNanos + waited - bytes.length * NANOS_PER_BYTE);
            }
            if (phase == Phase.IDLE && bytes != null) {
                enter(Phase.HEAD);
            }
            return bytes;
        } catch (UncheckedIOException broken) {
            throw new CloseConnectionException("The socket is closed", broken);
        } finally {
            blockedSince = 0;
        }
    }

    private void write(Runnable write) {
        bodyNanos = 0;
        blockedSince = System.nanoTime();
        try {
            write.run();
        } finally {
            blockedSince = 0;
        }
    }

    /** What Helidon is given in place of its own context. */
    private final class Watched implements ConnectionContext {
        private final DataReader reader = new DataReader(Connection.this::read);
        private final DataWriter writer = new DataWriter() {
            @Override
            public void write(BufferData... buffers) {
                Connection.this.write(() -> ctx.dataWriter().write(buffers));
            }

            @Override
            public void write(BufferData buffer) {
                Connection.this.write(() -> ctx.dataWriter().write(buffer));
            }

            @Override
            public void writeNow(BufferData... buffers) {
                Connection.this.write(() -> ctx.dataWriter().writeNow(buffers));
            }

            @Override
            public void writeNow(BufferData buffer) {
                Connection.this.write(() -> ctx.dataWriter().writeNow(buffer));
            }
        };

        @Override
        public ListenerContext listenerContext() {
            return ctx.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return ctx.executor();
        }

        @Override
        public DataWriter dataWriter() {
            return writer;
        }

        @Override
        public DataReader dataReader() {
            return reader;
        }

        @Override
        public Router router() {
            return ctx.router();
        }

        @Override
        public HelidonSocket serverSocket() {
            return ctx.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return ctx.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return ctx.localPeer();
        }

        @Override
        public boolean isSecure() {
            return ctx.isSecure();
        }

        @Override
        public String socketId() {
            return ctx.socketId();
        }

        @Override
        public String childSocketId() {
            return ctx.childSocketId();
        }
    }
}
