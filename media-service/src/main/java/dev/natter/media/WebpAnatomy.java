package dev.natter.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** WebP (RFC 9649): RIFF chunks; the extended form says its size once more, and every frame too. */
final class WebpAnatomy {
    private static final int HEADER = 12;
    private static final int EXTENDED = 10;
    private static final int HAS_EXIF_OR_XMP = 0x08 | 0x04;

    private final ByteBuffer file;
    private final Kept kept;
    private int width;
    private int height;
    private long largest;
    private int frames;
    private int orientation = 1;
    private long size = 4; // of what RIFF counts: "WEBP" and the chunks

    WebpAnatomy(ByteBuffer file) {
        this.file = file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.kept = new Kept(file);
    }

    Anatomy read() {
        int end = (int) Math.min(file.limit(), 8 + (file.getInt(4) & 0xffffffffL));
        byte[] head = new byte[HEADER];
        file.get(0, head);
        kept.literal(head);
        for (int at = HEADER; at + 8 <= end; ) {
            long length = file.getInt(at + 4) & 0xffffffffL;
            if (length > end - at - 8) {
                throw new IllegalArgumentException("Beyond the end");
            }
            chunk(ascii(at), at, (int) length);
            at += 8 + (int) length + (int) (length & 1);
        }
        ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).putInt(4, (int) size);
        return new Anatomy(width, height, largest, frames, orientation, kept.slices());
    }

    private void chunk(String name, int at, int length) {
        int data = at + 8;
        switch (name) {
            case "VP8X" -> {
                // The one chunk that is copied into memory.
                if (length != EXTENDED) {
                    throw new IllegalArgumentException("Not what a VP8X is");
                }
                measure(little24(data + 4) + 1, little24(data + 7) + 1);
                byte[] cleaned = new byte[8 + length];
                file.get(at, cleaned);
                cleaned[8] &= ~HAS_EXIF_OR_XMP;
                kept.literal(cleaned);
                size += 8 + length;
            }
            case "VP8 ", "VP8L" -> {
                measureIfPicture(name, data);
                frames = Math.max(frames, 1);
                keep(at, length);
            }
            case "ANMF" -> {
                frame(data, length);
                keep(at, length);
            }
            case "ALPH", "ANIM", "ICCP" -> keep(at, length);
            case "EXIF" -> orientation = Exif.orientation(tiff(data, length));
            default -> {
                // XMP, and what nobody knows.
            }
        }
    }

    /** A frame of an animation: a header and then chunks, whose sizes need not be what the header says. */
    private void frame(int data, int length) {
        frames++;
        measure(little24(data + 6) + 1, little24(data + 9) + 1);
        for (int at = data + 16; at + 8 <= data + length; ) {
            int inner = file.getInt(at + 4);
            if (inner < 0 || inner > data + length - at - 8) {
                throw new IllegalArgumentException("Beyond the end");
            }
            measureIfPicture(ascii(at), at + 8);
            at += 8 + inner + (inner & 1);
        }
    }

    private void measureIfPicture(String name, int data) {
        if (name.equals("VP8 ")) {
            measure(file.getShort(data + 6) & 0x3fff, file.getShort(data + 8) & 0x3fff);
        } else if (name.equals("VP8L")) {
            int bits = file.getInt(data + 1);
            measure((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
        }
    }

    /** The first size counts, which is the canvas in the extended form; but a decoder makes room for any. */
    private void measure(int chunkWidth, int chunkHeight) {
        if (width == 0) {
            width = chunkWidth;
            height = chunkHeight;
        }
        largest = Math.max(largest, (long) chunkWidth * chunkHeight);
    }

    private void keep(int at, int length) {
        int padded = length + (length & 1);
        kept.range(at, Math.min(at + 8 + padded, file.limit()));
        if (at + 8 + padded > file.limit()) {
            kept.literal((byte) 0);
        }
        size += 8 + padded;
    }

    /** Some writers put JPEG's preamble before the TIFF structure. */
    private ByteBuffer tiff(int data, int length) {
        boolean preamble = length > 6 && ascii(data).equals("Exif");
        return preamble ? file.slice(data + 6, length - 6) : file.slice(data, length);
    }

    private int little24(int index) {
        return (file.get(index) & 0xff) | (file.get(index + 1) & 0xff) << 8 | (file.get(index + 2) & 0xff) << 16;
    }

    private String ascii(int at) {
        byte[] name = new byte[4];
        file.get(at, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }
}
