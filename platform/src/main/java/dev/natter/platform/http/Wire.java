package dev.natter.platform.http;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PlainSocket;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The socket of a connection that has left HTTP behind. Helidon would run what comes after an upgrade within the HTTP
 * connection that it began as, and so keep that connection, a buffer of 8 KiB, the request, a thread and its stack for
 * as long as the other lasts: more than an idle socket needs itself. Here the socket is taken away, HTTP ends as if its
 * client had gone, and whoever has the socket decides when it is worth a thread.
 */
public final class Wire implements AutoCloseable {
    /** What an upgrader that has taken the socket returns to Helidon: there is nothing left to do for HTTP. */
    public static final ServerConnection TAKEN = new ServerConnection() {
        @Override
        public void handle(Semaphore requests) {}

        @Override
        public Duration idleTime() {
            return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {}
    };

    private static final Field SOCKET = socketField();

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Runnable gone;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Wire(Socket socket, Runnable gone) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.gone = gone;
    }

    /**
     * Takes the socket of the connection whose upgrade the calling thread decides about, as the last thing that an
     * upgrader does: HTTP's last word has been written, and what its reader still has is read by the caller.
     *
     * @return the socket, to be closed by the caller
     * @throws UncheckedIOException if it is closed already
     */
    public static Wire take() {
        return Connection.CURRENT.get().detach();
    }

    /** Puts a socket that was never connected in the place of Helidon's; by force, since 4.1.2 has no way to. */
    static Wire from(HelidonSocket helidon, Runnable gone) {
        try {
            Wire wire = new Wire((Socket) SOCKET.get(helidon), gone);
            SOCKET.set(helidon, new Socket());
            return wire;
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * What comes in; a read that finds nothing parks its thread.
     *
     * @return the stream, for one thread at a time
     */
    public InputStream in() {
        return in;
    }

    /**
     * Writes all of it, however long that takes.
     *
     * @param bytes what to write
     * @throws UncheckedIOException if the peer is gone
     */
    public void write(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /**
     * Closes it; whatever thread is blocked on it goes on with an exception.
     *
     * @throws UncheckedIOException if that fails; it is closed all the same
     */
    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            gone.run();
        }
        try {
            socket.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Field socketField() {
        try {
            Field field = PlainSocket.class.getDeclaredField("delegate");
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException otherHelidon) {
            throw new IllegalStateException("This Helidon keeps its sockets elsewhere", otherHelidon);
        }
    }
}
