package dev.natter.message;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What a send said, in 32 bytes: tells a retry from another message with the same client id, even after an edit. */
final class Fingerprint {
    private Fingerprint() {}

    static byte[] of(Change.Send send) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(String.valueOf(send.replyTo()).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return digest.digest(send.content().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("This JDK has no SHA-256", impossible);
        }
    }
}
