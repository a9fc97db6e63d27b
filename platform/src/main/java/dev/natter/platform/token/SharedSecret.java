package dev.natter.platform.token;

import io.helidon.config.Config;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * {@code SECRET_KEY}: what the services of one installation share and nobody else knows. Each use gets a key of its
 * own, derived by HKDF (RFC 5869), so that one use can't be turned against another.
 */
public final class SharedSecret {
    /** Fewest bytes of {@code SECRET_KEY}. */
    public static final int MIN_BYTES = 32;

    private final byte[] secret;
    private final String credential;

    private SharedSecret(byte[] secret) {
        this.secret = secret;
        this.credential = HexFormat.of().formatHex(derive("service-calls"));
    }

    /**
     * Reads {@code secret.key}.
     *
     * @param config a service's settings
     * @return the secret
     * @throws IllegalArgumentException if it is missing or shorter than {@value #MIN_BYTES} bytes
     */
    public static SharedSecret from(Config config) {
        byte[] bytes = config.get("secret.key").asString().orElse("").getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_BYTES) {
            throw new IllegalArgumentException(
                    "SECRET_KEY must be set to at least " + MIN_BYTES + " bytes, the same for all services");
        }
        return new SharedSecret(bytes);
    }

    /**
     * A key for one use.
     *
     * @param use the use's name
     * @return 32 bytes
     */
    public byte[] derive(String use) {
        try {
            var parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(secret)
                    .thenExpand(("natter " + use).getBytes(StandardCharsets.UTF_8), 32);
            return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This JDK has no HKDF-SHA256", impossible);
        }
    }

    /**
     * What a service shows another on the internal listener.
     *
     * @return hex digits
     */
    public String credential() {
        return credential;
    }

    /**
     * Whether what a caller of the internal listener showed is the credential; compared in constant time.
     *
     * @param shown what was shown, or null
     * @return whether it is
     */
    public boolean isCredential(String shown) {
        return shown != null
                && MessageDigest.isEqual(
                        shown.getBytes(StandardCharsets.UTF_8), credential.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The secret as it was given: the HS256 key that Natter's predecessors signed with.
     *
     * @return a copy
     */
    public byte[] raw() {
        return secret.clone();
    }

    @Override
    public String toString() {
        return "SharedSecret[hidden]";
    }
}
