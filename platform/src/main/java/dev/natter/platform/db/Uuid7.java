package dev.natter.platform.db;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * Makes ids of RFC 9562, version 7: 48 bits of Unix milliseconds, then random ones, so that new rows land side by side
 * in an index and an id still can't be guessed.
 */
public final class Uuid7 {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Uuid7() {}

    /**
     * A new id.
     *
     * @return a UUIDv7
     */
    public static UUID next() {
        long high = (System.currentTimeMillis() << 16) | 0x7000L | RANDOM.nextInt(0x1000);
        long low = (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
