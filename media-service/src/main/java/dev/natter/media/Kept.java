package dev.natter.media;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Collects the parts of a file that are kept, joining neighbours. Not thread-safe. */
final class Kept {
    /** A file of crumbs is no picture. */
    private static final int MAX_SLICES = 100_000;

    private final ByteBuffer file;
    private final List<ByteBuffer> slices = new ArrayList<>();
    private int from;
    private int to;

    Kept(ByteBuffer file) {
        this.file = file;
    }

    /** Keeps a part of the file; beyond its end, an exception. */
    void range(int start, int end) {
        if (end > file.limit() || start > end) {
            throw new IllegalArgumentException("Beyond the end");
        }
        if (start != to) {
            flush();
            from = start;
        }
        to = end;
    }

    /** Puts bytes that the file doesn't have. */
    void literal(byte... bytes) {
        flush();
        from = to;
        slices.add(ByteBuffer.wrap(bytes));
    }

    List<ByteBuffer> slices() {
        flush();
        from = to;
        return slices;
    }

    private void flush() {
        if (to > from) {
            slices.add(file.slice(from, to - from));
        }
        if (slices.size() > MAX_SLICES) {
            throw new IllegalArgumentException("Too many pieces");
        }
    }
}
