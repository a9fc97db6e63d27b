package dev.natter.auth;

import dev.natter.platform.token.TokenVerifier;
import io.helidon.security.jwt.Jwt;
import io.helidon.security.jwt.SignedJwt;
import io.helidon.security.jwt.jwk.Jwk;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Issues what {@link TokenVerifier} accepts: access tokens of RFC 9068. */
final class AccessTokens {
    private final SigningKeys keys;
    private final Duration lifetime;
    private final Clock clock;

    AccessTokens(SigningKeys keys, Duration lifetime, Clock clock) {
        this.keys = keys;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    String issue(UUID userId, UUID sessionId) {
        Jwk key = keys.current();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Jwt jwt = Jwt.builder()
                .algorithm(key.algorithm())
                .keyId(key.keyId())
                .type(TokenVerifier.TYPE)
                .issuer(TokenVerifier.ISSUER)
                .addAudience(TokenVerifier.AUDIENCE)
                .subject(userId.toString())
                .addPayloadClaim("sid", sessionId.toString())
                .issueTime(now)
                .expirationTime(now.plus(lifetime))
                .jwtId(UUID.randomUUID().toString())
                .build();
        return SignedJwt.sign(jwt, key).tokenContent();
    }

    /** Seconds from issue to expiry. */
    long lifetimeSeconds() {
        return lifetime.toSeconds();
    }
}
