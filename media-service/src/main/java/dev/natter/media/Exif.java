package dev.natter.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The one thing in EXIF that changes how a picture looks. */
final class Exif {
    private static final int ORIENTATION = 0x0112;

    private Exif() {}

    /**
     * Finds the orientation in the first directory of a TIFF structure.
     *
     * @param tiff from its byte-order mark on
     * @return 1 to 8; 1 if there is none or it can't be read
     */
    static int orientation(ByteBuffer tiff) {
        try {
            ByteBuffer bytes = tiff.slice();
            bytes.order(bytes.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int directory = bytes.getInt(4);
            int entries = bytes.getShort(directory) & 0xffff;
            for (int i = 0; i < entries; i++) {
                int entry = directory + 2 + i * 12;
                if ((bytes.getShort(entry) & 0xffff) == ORIENTATION) {
                    int value = bytes.getShort(entry + 8) & 0xffff;
                    return value >= 1 && value <= 8 ? value : 1;
                }
            }
            return 1;
        } catch (IndexOutOfBoundsException unreadable) {
            return 1;
        }
    }
}
