package dev.natter.auth;

import dev.natter.platform.token.Sha256;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** Secrets that say nothing: 256 random bits behind a prefix that tells what they are for. Only hashes are stored. */
final class Opaque {
    static final int BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Opaque() {}

    /** A new one. */
    static String fresh(String prefix) {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return of(prefix, bytes);
    }

    /** One made of these bytes. */
    static String of(String prefix, byte[] bytes) {
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What they all look like. */
    static Pattern pattern(String prefix) {
        return Pattern.compile(prefix + "[A-Za-z0-9_-]{43}");
    }

    /** What is stored of one. It has too many possible values to be guessed, so it needs neither salt nor slowness. */
    static byte[] hash(String text) {
        return Sha256.of(text);
    }
}
