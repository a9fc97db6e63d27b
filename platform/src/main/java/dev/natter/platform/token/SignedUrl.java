package dev.natter.platform.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Paths that open for whoever holds them, until they expire: {@code <path>?expires=<unix
 * seconds>&signature=<base64url>}, HMAC-SHA256 over path and expiry. The expiry is rounded up to the next whole period,
 * so that a path signed twice within one is the same text and a browser's cache can find it. Thread-safe.
 */
public final class SignedUrl {
    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;
    private final Clock clock;
    private final long period;

    /**
     * A signer, equal to every other of the same installation.
     *
     * @param secret what the services share
     * @param clock the clock
     * @param lifetime how long a path stays valid at least; at most twice that
     */
    public SignedUrl(SharedSecret secret, Clock clock, Duration lifetime) {
        this.key = new SecretKeySpec(secret.derive("signed-urls"), HMAC);
        this.clock = clock;
        this.period = lifetime.toSeconds();
    }

    /**
     * Signs a path.
     *
     * @param path the path; no query
     * @return the path with its query
     */
    public String sign(String path) {
        long expires = expiry();
        return path + "?expires=" + expires + "&signature=" + signature(path, expires);
    }

    /**
     * When what is signed now expires. As long as it is the same, so is what is signed.
     *
     * @return unix seconds
     */
    public long expiry() {
        return (clock.instant().getEpochSecond() / period + 2) * period;
    }

    /**
     * The path that was signed.
     *
     * @param url what {@link #sign} made, or a plain path
     * @return the path, without its query
     */
    public static String unsigned(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    /**
     * Checks a signature, in constant time.
     *
     * @param path the path that was asked for
     * @param expires the {@code expires} of its query
     * @param signature the {@code signature} of its query
     * @return whether the path is open
     */
    public boolean verify(String path, long expires, String signature) {
        boolean genuine = MessageDigest.isEqual(
                signature.getBytes(StandardCharsets.UTF_8),
                signature(path, expires).getBytes(StandardCharsets.UTF_8));
        return genuine && clock.instant().getEpochSecond() < expires;
    }

    private String signature(String path, long expires) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update((path + "\n" + expires).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This JDK has no " + HMAC, impossible);
        }
    }
}
