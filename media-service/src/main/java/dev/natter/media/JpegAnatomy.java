package dev.natter.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** JPEG (ITU-T T.81, annex B): a row of segments, then scans, then the end. */
final class JpegAnatomy {
    /** A progressive picture has about ten; each costs a decoder a pass over all of it. */
    private static final int MAX_SCANS = 100;

    private static final int EOI = 0xd9;

    private final ByteBuffer file;
    private final Kept kept;
    private int at;
    private int width;
    private int height;
    private long largest;
    private int orientation = 1;
    private int scans;

    JpegAnatomy(ByteBuffer file) {
        this.file = file;
        this.kept = new Kept(file);
    }

    Anatomy read() {
        kept.range(0, 2);
        at = 2;
        for (int marker = marker(); marker != EOI; marker = marker()) {
            boolean alone = marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
            if (!alone) {
                segment(marker);
            }
        }
        if (scans == 0) {
            throw new IllegalArgumentException("Nothing in it");
        }
        kept.literal((byte) 0xff, (byte) EOI);
        return new Anatomy(width, height, largest, 1, orientation, kept.slices());
    }

    /** Reads the next marker; a file that just stops, as interrupted downloads do, ends there. */
    private int marker() {
        if (scans > 0 && at + 1 >= file.limit()) {
            return EOI;
        }
        if ((file.get(at) & 0xff) != 0xff) {
            throw new IllegalArgumentException("No marker");
        }
        int code = 0xff;
        while (code == 0xff) {
            code = file.get(++at) & 0xff;
        }
        at++;
        return code;
    }

    private void segment(int marker) {
        int length = file.getShort(at) & 0xffff;
        int end = at + length;
        if (length < 2 || end > file.limit()) {
            throw new IllegalArgumentException("Beyond the end");
        }
        if (isFrame(marker)) {
            height = file.getShort(at + 3) & 0xffff;
            width = file.getShort(at + 5) & 0xffff;
            largest = Math.max(largest, (long) width * height);
        }
        if (marker == 0xe1 && starts("Exif\0\0")) {
            orientation = Exif.orientation(file.slice(at + 8, end - at - 8));
        }
        if (isNeeded(marker)) {
            kept.range(at - 2, end);
        }
        at = end;
        if (marker == 0xda) {
            scan();
        }
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /** Of what applications and people add, only what changes the colours. */
    private boolean isNeeded(int marker) {
        return switch (marker) {
            case 0xe0 -> starts("JFIF\0");
            case 0xe2 -> starts("ICC_PROFILE\0");
            case 0xee -> starts("Adobe");
            default -> marker >= 0xc0 && marker < 0xe0;
        };
    }

    private boolean starts(String text) {
        byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
        return at + 2 + expected.length <= file.limit()
                && file.slice(at + 2, expected.length).equals(ByteBuffer.wrap(expected));
    }

    /** Passes over a scan's data: up to a marker that is neither stuffing nor a restart. */
    private void scan() {
        if (++scans > MAX_SCANS) {
            throw new IllegalArgumentException("Too many scans");
        }
        int start = at;
        while (at + 1 < file.limit()) {
            int next = file.get(at + 1) & 0xff;
            if (file.get(at) == (byte) 0xff && next != 0 && (next < 0xd0 || next > 0xd7) && next != 0xff) {
                kept.range(start, at);
                return;
            }
            at++;
        }
        at = file.limit();
        kept.range(start, at);
    }
}
