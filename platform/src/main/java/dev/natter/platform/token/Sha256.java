package dev.natter.platform.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 (FIPS 180-4). */
public final class Sha256 {
    /** Never fed: it is copied, since finding another among the providers takes longer than hashing a message. */
    private static final MessageDigest EMPTY = empty();

    private Sha256() {}

    /**
     * Hashes a text.
     *
     * @param text the text, taken as UTF-8
     * @return 32 bytes
     */
    public static byte[] of(String text) {
        return begin().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Begins a hash of several pieces.
     *
     * @return a digest that nobody else has
     */
    public static MessageDigest begin() {
        try {
            return (MessageDigest) EMPTY.clone();
        } catch (CloneNotSupportedException foreign) {
            return empty();
        }
    }

    private static MessageDigest empty() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256", impossible);
        }
    }
}
