package dev.natter.realtime;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import java.io.UncheckedIOException;
import java.util.function.ToIntFunction;

/**
 * What comes in on one socket. It waits with a buffer that holds a small frame, as most are, and is all that an idle
 * socket needs; what is larger is read as it comes. Every method throws {@link CloseConnectionException} if the client
 * has gone. Used by one thread.
 */
final class Inlet {
    private static final int SMALL = 64;
    private static final int LARGE = 4096;

    private final ToIntFunction<BufferData> wire;
    private final BufferData small = BufferData.create(SMALL);
    private BufferData buffer;

    /**
     * Takes over from HTTP.
     *
     * @param wire reads what fits, waiting for it; -1 at the end
     * @param http what has been read already, but isn't the upgrade's any more, comes first
     */
    Inlet(ToIntFunction<BufferData> wire, DataReader http) {
        this.wire = wire;
        int before = http.available();
        this.buffer = before == 0 ? small : http.readBuffer(before);
    }

    /** Waits until there is something to read: where an idle socket is, so with few calls between it and the system. */
    void await() {
        if (buffer.consumed()) {
            buffer = small.clear();
            receive(buffer);
        }
    }

    /** The next byte, unsigned. */
    int read() {
        await();
        return buffer.read();
    }

    /**
     * Reads some of what comes.
     *
     * @param length how much at most
     * @return how much, at least one byte
     */
    int read(byte[] into, int from, int length) {
        if (length > SMALL && buffer.consumed()) {
            BufferData large = BufferData.create(Math.min(length, LARGE));
            receive(large);
            return large.read(into, from, length);
        }
        await();
        return buffer.read(into, from, length);
    }

    private void receive(BufferData into) {
        int read;
        try {
            read = wire.applyAsInt(into);
        } catch (UncheckedIOException broken) {
            throw new CloseConnectionException("The socket is closed", broken);
        }
        if (read < 0) {
            throw new CloseConnectionException("The client has gone");
        }
    }
}
