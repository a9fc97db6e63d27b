package dev.natter.realtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A complete, unmasked WebSocket frame (RFC 6455, section 5.2), made once and shared by every socket that gets it; it
 * knows how many of them still hold it. Thread-safe.
 */
final class Frame {
    static final int MAX_CONTROL_PAYLOAD = 125;

    private static final int FIN = 0x80;
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final Frame EMPTY_PING = of(PING, new byte[0]);
    private static final AtomicIntegerFieldUpdater<Frame> HOLDERS =
            AtomicIntegerFieldUpdater.newUpdater(Frame.class, "holders");

    private final byte[] bytes;
    private volatile int holders;

    /**
     * Wraps a frame.
     *
     * @param bytes header and payload; never changed from now on
     */
    Frame(byte[] bytes) {
        this.bytes = bytes;
    }

    static Frame text(byte[] json) {
        return of(TEXT, json);
    }

    static Frame ping() {
        return EMPTY_PING;
    }

    static Frame pong(byte[] payload) {
        return of(PONG, payload);
    }

    static Frame close(CloseCode code) {
        return close(code.code(), code.reason());
    }

    static Frame close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        return of(CLOSE, payload);
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return bytes.length;
    }

    /** What is in it, without the header. */
    byte[] payload() {
        int shortLength = bytes[1];
        int extended = shortLength == LENGTH_16 ? 2 : shortLength == LENGTH_64 ? 8 : 0;
        return Arrays.copyOfRange(bytes, 2 + extended, bytes.length);
    }

    /**
     * A queue holds it.
     *
     * @return whether none did before
     */
    boolean hold() {
        return HOLDERS.getAndIncrement(this) == 0;
    }

    /**
     * A queue that held it has let go.
     *
     * @return whether none holds it any more
     */
    boolean letGo() {
        return HOLDERS.decrementAndGet(this) == 0;
    }

    private static Frame of(int opcode, byte[] payload) {
        int length = payload.length;
        int extended = length < LENGTH_16 ? 0 : length <= 0xFFFF ? 2 : 8;
        byte[] bytes = new byte[2 + extended + length];
        bytes[0] = (byte) (FIN | opcode);
        bytes[1] = (byte) (extended == 0 ? length : extended == 2 ? LENGTH_16 : LENGTH_64);
        for (int i = 0; i < extended; i++) {
            bytes[2 + i] = (byte) ((long) length >>> 8 * (extended - 1 - i));
        }
        System.arraycopy(payload, 0, bytes, 2 + extended, length);
        return new Frame(bytes);
    }
}
