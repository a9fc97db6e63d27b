package dev.natter.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Access tokens of an installation with {@code ALGORITHM=HS256}, signed here: for more users than can be registered
 * while somebody waits, since a password takes its tens of milliseconds.
 */
final class Tokens {
    private static final String SECRET = "the secret of an installation that is measured and thrown away";
    private static final Duration LIFE = Duration.ofHours(2);
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Tokens() {}

    /** What an installation must be told to believe them. */
    static Map<String, String> settings() {
        return Map.of("ALGORITHM", "HS256", "SECRET_KEY", SECRET);
    }

    /** One for a user in a session that has the user's id. */
    static String of(UUID userId) {
        long now = Instant.now().getEpochSecond();
        byte[] claims = People.JSON.writeValueAsBytes(Map.of(
                "iss",
                "natter",
                "aud",
                "natter",
                "sub",
                userId.toString(),
                "sid",
                userId.toString(),
                "jti",
                UUID.randomUUID().toString(),
                "iat",
                now,
                "exp",
                now + LIFE.toSeconds()));
        byte[] header = People.JSON.writeValueAsBytes(Map.of("alg", "HS256", "typ", "at+jwt"));
        String signed = BASE64.encodeToString(header) + "." + BASE64.encodeToString(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
            return signed + "." + BASE64.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This JDK has no HMAC with SHA-256", impossible);
        }
    }
}
