package dev.natter.realtime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Makes frames as clients send them, right or wrong. */
final class MaskedFrame {
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

    private MaskedFrame() {}

    static byte[] text(String text) {
        return of(true, 1, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] of(boolean last, int opcode, byte[] payload) {
        byte[] masked = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            masked[i] = (byte) (payload[i] ^ MASK[i & 3]);
        }
        return joined(header(last, opcode, payload.length), masked);
    }

    /** A header that promises a payload of some length, however absurd. */
    static byte[] header(boolean last, int opcode, long length) {
        int first = (last ? 0x80 : 0) | opcode;
        ByteBuffer header = ByteBuffer.allocate(14).put((byte) first);
        if (length >= 0 && length < 126) {
            header.put((byte) (0x80 | length));
        } else if (length >= 0 && length <= 0xFFFF) {
            header.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            header.put((byte) (0x80 | 127)).putLong(length);
        }
        header.put(MASK).flip();
        byte[] bytes = new byte[header.remaining()];
        header.get(bytes);
        return bytes;
    }

    static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
