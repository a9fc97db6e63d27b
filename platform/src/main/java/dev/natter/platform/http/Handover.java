package dev.natter.platform.http;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PlainSocket;
import io.helidon.webserver.spi.ServerConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Gives a connection that was upgraded the socket and the thread for itself. Helidon would run it within the HTTP
 * connection that it began as, and so keep that connection, its request and its stack for as long as the other lasts,
 * and with them a buffer of 8 KiB that is never read into again: three quarters of what an idle socket takes.
 */
public final class Handover implements ServerConnection {
    private static final Logger LOG = System.getLogger(Handover.class.getName());
    private static final byte[] NONE = {};
    private static final Field BUFFER = buffer();

    private final ServerConnection next;

    private Handover(ServerConnection next) {
        this.next = next;
    }

    /**
     * Hands over, as the last thing that an upgrader does.
     *
     * @param next what is run once HTTP has let go; it reads by {@link HelidonSocket#read} alone, into buffers of its
     *     own, beginning with what the context's reader still has
     * @return what the upgrader returns to Helidon
     */
    public static ServerConnection to(ServerConnection next) {
        Connection.CURRENT.get().handOver(next);
        return new Handover(next);
    }

    /** There is nothing left to do for HTTP. */
    @Override
    public void handle(Semaphore requests) {}

    @Override
    public Duration idleTime() {
        return next.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        next.close(interrupt);
    }

    /** Frees the buffer of a socket; by force, since Helidon 4.1.2 has no way to. */
    static void free(HelidonSocket socket) {
        if (BUFFER == null || !(socket instanceof PlainSocket)) {
            return;
        }
        try {
            BUFFER.set(socket, NONE);
        } catch (IllegalAccessException kept) {
            LOG.log(Level.DEBUG, "A socket keeps its buffer", kept);
        }
    }

    private static Field buffer() {
        try {
            Field field = PlainSocket.class.getDeclaredField("readBuffer");
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException otherHelidon) {
            LOG.log(Level.WARNING, "Idle sockets will take 8 KiB more each than they need to", otherHelidon);
            return null;
        }
    }
}
