package dev.natter.media;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a picture's file is made of, found without decoding it.
 *
 * @param width pixels
 * @param height pixels
 * @param largest pixels of the largest thing in it that a decoder would make room for
 * @param frames how many pictures follow each other in it
 * @param orientation how it is to be turned, 1 to 8 as EXIF counts; 1 is upright
 * @param kept the file without what isn't the picture itself: EXIF, XMP, IPTC, comments, thumbnails, anything behind
 *     its end
 */
record Anatomy(int width, int height, long largest, int frames, int orientation, List<ByteBuffer> kept) {
    Anatomy {
        if (width < 1 || height < 1 || frames < 1) {
            throw new IllegalArgumentException("Not a picture");
        }
        largest = Math.max(largest, (long) width * height);
    }

    /** Whether a browser would turn it, by EXIF that it is about to lose. */
    boolean isTurned() {
        return orientation > 1 && orientation <= 8;
    }
}
