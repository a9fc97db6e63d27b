package dev.natter.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * GIF (CompuServe, 89a): blocks of sub-blocks; every frame has a size of its own, which may be larger than the screen.
 */
final class GifAnatomy {
    private static final int TRAILER = 0x3b;

    private final ByteBuffer file;
    private final Kept kept;
    private int at;
    private long largest;
    private int frames;

    GifAnatomy(ByteBuffer file) {
        this.file = file;
        this.kept = new Kept(file);
    }

    Anatomy read() {
        int width = little(6);
        int height = little(8);
        at = 13 + table(file.get(10));
        kept.range(0, at);
        for (int block = file.get(at) & 0xff; block != TRAILER; block = next()) {
            switch (block) {
                case 0x21 -> extension();
                case 0x2c -> frame();
                default -> throw new IllegalArgumentException("No block");
            }
        }
        kept.literal((byte) TRAILER);
        return new Anatomy(width, height, largest, frames, 1, kept.slices());
    }

    /** A file that just stops after a whole frame is shown by every browser; so it ends there. */
    private int next() {
        return at == file.limit() && frames > 0 ? TRAILER : file.get(at) & 0xff;
    }

    private void frame() {
        int start = at;
        largest = Math.max(largest, (long) little(at + 5) * little(at + 7));
        frames++;
        at += 10 + table(file.get(at + 9)) + 1;
        skipSubBlocks();
        kept.range(start, at);
    }

    /** Keeps timing and the number of repetitions; comments, texts and XMP go. */
    private void extension() {
        int start = at;
        int label = file.get(at + 1) & 0xff;
        boolean needed = label == 0xf9 || (label == 0xff && isLoop());
        at += 2;
        skipSubBlocks();
        if (needed) {
            kept.range(start, at);
        }
    }

    private boolean isLoop() {
        byte[] name = new byte[11];
        file.get(at + 3, name);
        String application = new String(name, StandardCharsets.ISO_8859_1);
        return application.equals("NETSCAPE2.0") || application.equals("ANIMEXTS1.0");
    }

    private void skipSubBlocks() {
        int length = file.get(at) & 0xff;
        while (length > 0) {
            at += 1 + length;
            length = file.get(at) & 0xff;
        }
        at++;
    }

    private static int table(byte flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private int little(int index) {
        return (file.get(index) & 0xff) | (file.get(index + 1) & 0xff) << 8;
    }
}
