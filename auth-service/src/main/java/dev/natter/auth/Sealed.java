package dev.natter.auth;

import dev.natter.platform.token.SharedSecret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Bytes at rest under AES-256-GCM, bound to the name of what they belong to: 12 bytes of nonce, then the rest. */
final class Sealed {
    private static final String AES = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Sealed() {}

    static byte[] seal(SharedSecret secret, String name, byte[] plain) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            byte[] hidden = cipher(Cipher.ENCRYPT_MODE, secret, name, nonce).doFinal(plain);
            return ByteBuffer.allocate(NONCE + hidden.length)
                    .put(nonce)
                    .put(hidden)
                    .array();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This JDK has no " + AES, impossible);
        }
    }

    /** The bytes again, or empty if they were sealed with another secret or under another name. */
    static Optional<byte[]> open(SharedSecret secret, String name, byte[] sealed) {
        ByteBuffer all = ByteBuffer.wrap(sealed);
        byte[] nonce = new byte[NONCE];
        all.get(nonce);
        byte[] hidden = new byte[all.remaining()];
        all.get(hidden);
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, secret, name, nonce).doFinal(hidden));
        } catch (AEADBadTagException another) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This JDK has no " + AES, impossible);
        }
    }

    private static Cipher cipher(int mode, SharedSecret secret, String name, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(AES);
        var key = new SecretKeySpec(secret.derive("signing-keys"), "AES");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
