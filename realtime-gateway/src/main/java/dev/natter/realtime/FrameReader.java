package dev.natter.realtime;

import io.helidon.webserver.CloseConnectionException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what a client sends, as strictly as RFC 6455 demands: masked frames, no reserved bits or opcodes, whole control
 * frames, fragments only in order, text only in UTF-8. Bounded: a message may have {@code maxMessage} bytes in all its
 * fragments together, and no more than {@value #MAX_FRAGMENTS} of these. Used by one thread.
 */
final class FrameReader {
    private static final int MAX_FRAGMENTS = 1024;
    /** Memory for a payload grows as it arrives: a promised length costs nothing. */
    private static final int FIRST_PIECE = 1024;

    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    /** A message or control frame of a client. */
    sealed interface Incoming {
        /** A whole text message, known to be UTF-8. */
        record Text(byte[] utf8) implements Incoming {}

        /** A whole binary message; nothing here speaks binary. */
        record Binary() implements Incoming {}

        /** A question whether we are alive. */
        record Ping(byte[] payload) implements Incoming {}

        /** The answer to ours. */
        record Pong() implements Incoming {}

        /** The client says goodbye; {@code code} is 1005 if it gave none. */
        record Close(int code) implements Incoming {}
    }

    /** The client broke the protocol; the socket must be closed with this code. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final CloseCode code;

        Violation(CloseCode code, String reason) {
            super(reason, null, false, false);
            this.code = code;
        }

        CloseCode code() {
            return code;
        }
    }

    private record Header(boolean last, int opcode, int length) {
        boolean control() {
            return opcode >= CLOSE;
        }
    }

    private final Inlet data;
    private final int maxMessage;
    private int mask;
    private ByteArrayOutputStream fragments;
    private int fragmentCount;
    private int openOpcode;

    FrameReader(Inlet data, int maxMessage) {
        this.data = data;
        this.maxMessage = maxMessage;
    }

    /**
     * Waits for the next message or control frame.
     *
     * @throws Violation if the client broke the protocol; nothing can be read after that but {@link #discard}
     * @throws CloseConnectionException if the client has gone
     */
    Incoming next() {
        while (true) {
            data.await();
            Header header = header();
            byte[] payload = payload(header.length());
            if (header.control()) {
                return control(header.opcode(), payload);
            }
            Incoming whole = data(header, payload);
            if (whole != null) {
                return whole;
            }
        }
    }

    /** Whether the first fragments of a message have been read, but not its last. */
    boolean isInMessage() {
        return fragments != null;
    }

    /** Waits for bytes and drops them: after a violation there are no frames any more. */
    void discard() {
        data.read(new byte[FIRST_PIECE], 0, FIRST_PIECE);
    }

    private Header header() {
        int first = data.read();
        int second = data.read();
        int opcode = first & 0x0F;
        boolean last = (first & 0x80) != 0;
        if ((first & 0x70) != 0) {
            throw new Violation(CloseCode.PROTOCOL, "reserved bit");
        }
        if (opcode > PONG || (opcode > BINARY && opcode < CLOSE)) {
            throw new Violation(CloseCode.PROTOCOL, "reserved opcode");
        }
        if ((second & 0x80) == 0) {
            throw new Violation(CloseCode.PROTOCOL, "not masked");
        }
        boolean control = opcode >= CLOSE;
        int shortLength = second & 0x7F;
        if (control && (!last || shortLength > Frame.MAX_CONTROL_PAYLOAD)) {
            throw new Violation(CloseCode.PROTOCOL, "bad control frame");
        }
        long length = length(shortLength);
        if (!control) {
            inOrder(opcode);
            int before = fragments == null ? 0 : fragments.size();
            if (length > maxMessage - before) {
                throw new Violation(CloseCode.TOO_LARGE, "more than " + maxMessage + " bytes");
            }
        }
        mask = data.read() << 24 | data.read() << 16 | data.read() << 8 | data.read();
        return new Header(last, opcode, (int) length);
    }

    private long length(int shortLength) {
        if (shortLength < 126) {
            return shortLength;
        }
        int bytes = shortLength == 126 ? 2 : 8;
        long length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << 8 | data.read();
        }
        if (length < 0 || length < (bytes == 2 ? 126 : 0x10000)) {
            throw new Violation(CloseCode.PROTOCOL, "bad length");
        }
        return length;
    }

    private void inOrder(int opcode) {
        if ((opcode == CONTINUATION) != (fragments != null)) {
            throw new Violation(CloseCode.PROTOCOL, "fragments out of order");
        }
    }

    private byte[] payload(int length) {
        byte[] payload = new byte[Math.min(length, FIRST_PIECE)];
        for (int i = 0; i < length; ) {
            if (i == payload.length) {
                payload = Arrays.copyOf(payload, Math.min(length, 2 * i));
            }
            i += data.read(payload, i, payload.length - i);
        }
        for (int i = 0; i < length; i++) {
            payload[i] ^= (byte) (mask >>> 24 - 8 * (i & 3));
        }
        return payload;
    }

    private Incoming data(Header header, byte[] payload) {
        if (fragments == null && header.last()) {
            return whole(header.opcode(), payload);
        }
        if (fragments == null) {
            fragments = new ByteArrayOutputStream();
            fragmentCount = 0;
            openOpcode = header.opcode();
        }
        if (++fragmentCount > MAX_FRAGMENTS) {
            throw new Violation(CloseCode.TOO_LARGE, "more than " + MAX_FRAGMENTS + " fragments");
        }
        fragments.writeBytes(payload);
        if (!header.last()) {
            return null;
        }
        byte[] message = fragments.toByteArray();
        fragments = null;
        return whole(openOpcode, message);
    }

    private static Incoming whole(int opcode, byte[] message) {
        if (opcode == BINARY) {
            return new Incoming.Binary();
        }
        demandUtf8(message, 0);
        return new Incoming.Text(message);
    }

    private static Incoming control(int opcode, byte[] payload) {
        return switch (opcode) {
            case PING -> new Incoming.Ping(payload);
            case PONG -> new Incoming.Pong();
            default -> close(payload);
        };
    }

    private static Incoming close(byte[] payload) {
        if (payload.length == 0) {
            return new Incoming.Close(1005);
        }
        if (payload.length == 1) {
            throw new Violation(CloseCode.PROTOCOL, "bad close frame");
        }
        int code = (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        boolean defined = code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014;
        if (!defined && (code < 3000 || code > 4999)) {
            throw new Violation(CloseCode.PROTOCOL, "bad close code");
        }
        demandUtf8(payload, 2);
        return new Incoming.Close(code);
    }

    private static void demandUtf8(byte[] bytes, int from) {
        int i = from;
        while (i < bytes.length && bytes[i] >= 0) {
            i++;
        }
        if (i == bytes.length) {
            return;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, i, bytes.length - i));
        } catch (CharacterCodingException notText) {
            throw new Violation(CloseCode.NOT_UTF_8, "not UTF-8");
        }
    }
}
