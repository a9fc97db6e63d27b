package dev.natter.realtime;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.io.InputStream;

/**
 * What comes in on one socket. It waits with a buffer that holds a small frame, as most are, and is all that an idle
 * socket needs; what is larger is read straight to where it is wanted. Every method that reads throws
 * {@link CloseConnectionException} if the client has gone. Used by one thread at a time.
 */
final class Inlet {
    private static final int SMALL = 64;

    private final InputStream wire;
    private byte[] buffer;
    private int position;
    private int limit;

    /**
     * Takes over from HTTP.
     *
     * @param wire where the rest comes from
     * @param http what has been read already, but isn't the upgrade's any more, comes first
     */
    Inlet(InputStream wire, DataReader http) {
        this.wire = wire;
        this.limit = http.available();
        this.buffer = limit == 0 ? new byte[SMALL] : http.readBuffer(limit).readBytes();
    }

    /** Whether there is something to read without waiting for it. */
    boolean hasMore() {
        return position < limit;
    }

    /** Waits until there is something to read: where an idle socket is, so with few calls between it and the system. */
    void await() {
        if (position == limit) {
            if (buffer.length != SMALL) {
                buffer = new byte[SMALL];
            }
            position = 0;
            limit = 0;
            limit = receive(buffer, 0, SMALL);
        }
    }

    /** The next byte, unsigned. */
    int read() {
        await();
        return buffer[position++] & 0xFF;
    }

    /**
     * Reads some of what comes.
     *
     * @param length how much at most
     * @return how much, at least one byte
     */
    int read(byte[] into, int from, int length) {
        if (length > SMALL && position == limit) {
            return receive(into, from, length);
        }
        await();
        int some = Math.min(length, limit - position);
        System.arraycopy(buffer, position, into, from, some);
        position += some;
        return some;
    }

    private int receive(byte[] into, int from, int length) {
        int read;
        try {
            read = wire.read(into, from, length);
        } catch (IOException broken) {
            throw new CloseConnectionException("The socket is closed", broken);
        }
        if (read < 0) {
            throw new CloseConnectionException("The client has gone");
        }
        return read;
    }
}
