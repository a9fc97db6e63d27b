package dev.natter.bench;

import dev.natter.platform.token.Caller;
import dev.natter.platform.token.TokenVerifier;
import io.helidon.config.Config;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** An access token as auth-service signs it by default (ES256), checked. */
public class TokenPiece {
    private static final int COORDINATE = 32;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** A verifier that has the key and has seen one token. */
    @State(Scope.Thread)
    public static class Seen {
        private final KeyPair key = key();
        private final String known = token();
        private TokenVerifier verifier = seen();

        private TokenVerifier seen() {
            var made = TokenVerifier.from(Config.empty(), () -> jwks((ECPublicKey) key.getPublic()));
            made.verify(known);
            return made;
        }

        private String token() {
            long now = Instant.now().getEpochSecond();
            String user = UUID.randomUUID().toString();
            Map<String, Object> claims = Map.of(
                    "iss", TokenVerifier.ISSUER,
                    "aud", TokenVerifier.AUDIENCE,
                    "sub", user,
                    "sid", user,
                    "jti", user,
                    "iat", now,
                    "exp", now + 3600);
            String signed = part(Map.of("alg", "ES256", "typ", TokenVerifier.TYPE, "kid", "k")) + "." + part(claims);
            try {
                Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
                signature.initSign(key.getPrivate());
                signature.update(signed.getBytes(StandardCharsets.US_ASCII));
                return signed + "." + BASE64.encodeToString(signature.sign());
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** The same, and a token that it hasn't seen: another one for each check. */
    @State(Scope.Thread)
    public static class Unseen {
        private final Seen seen = new Seen();
        private final String unknown = seen.token();

        /** Forgets the token. */
        @Setup(Level.Invocation)
        public void forget() {
            seen.verifier = seen.seen();
        }
    }

    /**
     * Finds it among those that were verified.
     *
     * @param state the verifier
     * @return whose it is
     */
    @Benchmark
    public Caller remembered(Seen state) {
        return state.verifier.verify(state.known);
    }

    /**
     * Verifies it in full.
     *
     * @param state the verifier
     * @return whose it is
     */
    @Benchmark
    public Caller verified(Unseen state) {
        return state.seen.verifier.verify(state.unknown);
    }

    private static KeyPair key() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] jwks(ECPublicKey key) {
        Map<String, String> jwk = Map.of(
                "kty", "EC",
                "crv", "P-256",
                "alg", "ES256",
                "use", "sig",
                "kid", "k",
                "x", coordinate(key.getW().getAffineX()),
                "y", coordinate(key.getW().getAffineY()));
        return People.JSON.writeValueAsBytes(Map.of("keys", List.of(jwk)));
    }

    private static String coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] full = new byte[COORDINATE];
        int length = Math.min(bytes.length, COORDINATE);
        System.arraycopy(bytes, bytes.length - length, full, COORDINATE - length, length);
        return BASE64.encodeToString(full);
    }

    private static String part(Map<String, Object> claims) {
        return BASE64.encodeToString(People.JSON.writeValueAsBytes(claims));
    }
}
