package dev.natter.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** PNG (W3C, third edition): chunks, each with a length, a name and a checksum. Animated ones included. */
final class PngAnatomy {
    private static final int SIGNATURE = 8;
    private static final int OVERHEAD = 12;

    /** What changes how it looks; texts, times and EXIF don't, and who knows what the unknown does. */
    private static final Set<String> NEEDED = Set.of(
            "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "cICP", "mDCV", "cLLI",
            "bKGD", "pHYs", "acTL", "fcTL", "fdAT");

    private final ByteBuffer file;
    private final Kept kept;
    private int width;
    private int height;
    private int frames;
    private int orientation = 1;
    private boolean hasData;

    PngAnatomy(ByteBuffer file) {
        this.file = file;
        this.kept = new Kept(file);
    }

    Anatomy read() {
        kept.range(0, SIGNATURE);
        int at = SIGNATURE;
        for (String name = ""; !name.equals("IEND"); ) {
            int length = file.getInt(at);
            name = ascii(at + 4);
            if (length < 0 || length > file.limit() - at - OVERHEAD) {
                throw new IllegalArgumentException("Beyond the end");
            }
            chunk(name, at + 8, length);
            if (NEEDED.contains(name)) {
                kept.range(at, at + OVERHEAD + length);
            }
            at += OVERHEAD + length;
        }
        if (!hasData) {
            throw new IllegalArgumentException("Nothing in it");
        }
        return new Anatomy(width, height, 0, Math.max(frames, 1), orientation, kept.slices());
    }

    private void chunk(String name, int data, int length) {
        if (name.equals("IHDR") != (data == SIGNATURE + 8)) {
            throw new IllegalArgumentException("One header, and first");
        }
        switch (name) {
            case "IHDR" -> {
                width = file.getInt(data);
                height = file.getInt(data + 4);
            }
            case "IDAT" -> hasData = true;
            case "fcTL" -> frames++;
            case "eXIf" -> orientation = Exif.orientation(file.slice(data, length));
            default -> {
                // Nothing to learn from it.
            }
        }
    }

    private String ascii(int at) {
        byte[] name = new byte[4];
        file.get(at, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }
}
