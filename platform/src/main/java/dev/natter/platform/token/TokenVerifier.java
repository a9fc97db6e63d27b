package dev.natter.platform.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Refused;
import io.helidon.config.Config;
import io.helidon.security.jwt.Jwt;
import io.helidon.security.jwt.JwtHeaders;
import io.helidon.security.jwt.JwtValidator;
import io.helidon.security.jwt.SignedJwt;
import io.helidon.security.jwt.jwk.Jwk;
import io.helidon.security.jwt.jwk.JwkKeys;
import io.helidon.security.jwt.jwk.JwkOctet;
import jakarta.json.Json;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * Verifies access tokens (RFC 7519, RFC 8725, RFC 9068): signature by the one algorithm that this installation uses,
 * {@code typ: at+jwt}, issuer, audience, expiry. A verified token is remembered until it expires, since an ES256 check
 * costs more than the rest of a request.
 *
 * <p>Keys come from auth-service's JWKS ({@code token.jwks.url}), fetched again when a token names a key that isn't
 * known, or are {@code SECRET_KEY} with {@code ALGORITHM=HS256}. Thread-safe.
 */
public final class TokenVerifier {
    /** The only issuer. */
    public static final String ISSUER = "natter";

    /** The only audience. */
    public static final String AUDIENCE = "natter";

    /** The {@code typ} of an access token, RFC 9068. */
    public static final String TYPE = "at+jwt";

    /** The {@code kid} of tokens signed with {@code SECRET_KEY}, which may also name no key at all. */
    public static final String SHARED_KEY_ID = "shared";

    private static final int MAX_LENGTH = 4096;
    private static final long MAX_REMEMBERED = 100_000;
    private static final Duration LEEWAY = Duration.ofSeconds(5);
    private static final JwkKeys NO_KEYS = JwkKeys.builder().build();

    // A token that brings its own key (jwk, jku, x5u, x5c) or asks for an extension (crit, zip, b64) is none of ours,
    // so what isn't on this list needn't be understood to be refused.
    private static final Set<String> HEADERS = Set.of("alg", "typ", "kid");

    private static final Refused UNAUTHENTICATED = Problem.of(
                    401, "unauthenticated", "A valid access token is required.")
            .refuse();

    private final String algorithm;
    private final Function<String, Optional<Jwk>> keys;
    private final Clock clock;
    private final Cache<ByteBuffer, Caller> verified;

    TokenVerifier(String algorithm, Function<String, Optional<Jwk>> keys, Clock clock) {
        this.algorithm = algorithm;
        this.keys = keys;
        this.clock = clock;
        this.verified = Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                // Tidied by whoever asks: waking another thread for that costs more.
                .executor(Runnable::run)
                .expireAfter(Expiry.creating((ByteBuffer _, Caller caller) -> remaining(caller)))
                .build();
    }

    /**
     * Reads the keys {@code algorithm}, {@code secret.key}, {@code token.jwks.url}. Fetches nothing yet.
     *
     * @param config a service's settings
     * @return the verifier
     * @throws IllegalArgumentException naming the key and the value that make no sense
     */
    public static TokenVerifier from(Config config) {
        if (config.get("algorithm").asString().filter("HS256"::equals).isPresent()) {
            return from(config, () -> new byte[0]);
        }
        URI url = config.get("token.jwks.url")
                .as(URI.class)
                .orElseThrow(() -> new IllegalArgumentException("TOKEN_JWKS_URL must be set, unless ALGORITHM=HS256"));
        return from(config, () -> Jwks.download(url));
    }

    /**
     * The verifier of the service that has the keys itself: reads {@code algorithm} and {@code secret.key}.
     *
     * @param config the service's settings
     * @param jwks gives the key set of RFC 7517, UTF-8 JSON; asked again when a token names a key that isn't known
     * @return the verifier
     * @throws IllegalArgumentException naming the key and the value that make no sense
     */
    public static TokenVerifier from(Config config, Callable<byte[]> jwks) {
        String algorithm = config.get("algorithm").asString().orElse("ES256");
        Clock clock = Clock.systemUTC();
        return switch (algorithm) {
            case "HS256" -> new TokenVerifier(algorithm, shared(SharedSecret.from(config)), clock);
            case "ES256", "RS256" -> {
                var set = new Jwks(algorithm, jwks, clock);
                var verifier = new TokenVerifier(algorithm, set::find, clock);
                set.onRemoval(verifier.verified::invalidateAll);
                yield verifier;
            }
            default ->
                throw new IllegalArgumentException(
                        "ALGORITHM must be ES256, RS256 or HS256, but is '" + algorithm + "'");
        };
    }

    static Function<String, Optional<Jwk>> shared(SharedSecret secret) {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret.raw());
        Jwk key = JwkOctet.create(Json.createObjectBuilder()
                .add(Jwk.PARAM_KEY_TYPE, Jwk.KEY_TYPE_OCT)
                .add(Jwk.PARAM_KEY_ID, SHARED_KEY_ID)
                .add(Jwk.PARAM_ALGORITHM, JwkOctet.ALG_HS256)
                .add(JwkOctet.PARAM_OCTET_KEY, text)
                .build());
        return id -> id == null || id.equals(SHARED_KEY_ID) ? Optional.of(key) : Optional.empty();
    }

    /**
     * Verifies a token.
     *
     * @param token what the client showed, without {@code Bearer}; may be null
     * @return who it is
     * @throws Refused 401 if it proves nothing; 503 if the keys can't be had now
     */
    public Caller verify(String token) {
        if (token == null || token.isEmpty() || token.length() > MAX_LENGTH) {
            throw UNAUTHENTICATED;
        }
        ByteBuffer digest = ByteBuffer.wrap(Sha256.of(token));
        Caller known = verified.getIfPresent(digest);
        if (known != null && known.expiresAt().isAfter(clock.instant())) {
            return known;
        }
        Caller caller = check(token);
        verified.put(digest, caller);
        return caller;
    }

    // Helidon's exceptions quote the token: whatever goes wrong here is told to nobody but as "no".
    private Caller check(String token) {
        try {
            JwtHeaders headers = JwtHeaders.parseToken(token);
            boolean ours = HEADERS.containsAll(headers.headerJson().keySet())
                    && headers.algorithm().filter(algorithm::equals).isPresent()
                    && headers.type().filter(TYPE::equalsIgnoreCase).isPresent();
            if (!ours) {
                throw UNAUTHENTICATED;
            }
            Jwk key = keys.apply(headers.keyId().orElse(null)).orElseThrow(() -> UNAUTHENTICATED);
            SignedJwt signed = SignedJwt.parseToken(token);
            if (!signed.verifySignature(NO_KEYS, key).isValid()) {
                throw UNAUTHENTICATED;
            }
            return caller(signed.getJwt());
        } catch (Refused refused) {
            throw refused;
        } catch (RuntimeException | StackOverflowError garbage) {
            throw UNAUTHENTICATED;
        }
    }

    private Caller caller(Jwt jwt) {
        Instant now = clock.instant();
        JwtValidator claims = JwtValidator.builder()
                .addIssuerValidator(ISSUER)
                .addAudienceValidator(AUDIENCE)
                .addExpirationValidator(
                        time -> time.now(now).allowedTimeSkew(LEEWAY).mandatory(true))
                .addIssueTimeValidator(
                        time -> time.now(now).allowedTimeSkew(LEEWAY).mandatory(true))
                .addNotBeforeValidator(
                        time -> time.now(now).allowedTimeSkew(LEEWAY).mandatory(false))
                .build();
        Instant expires = jwt.expirationTime().orElse(Instant.MIN);
        // No leeway for the end: a socket closes at the very second, and so must everything else.
        if (!claims.validate(jwt).isValid() || !expires.isAfter(now)) {
            throw UNAUTHENTICATED;
        }
        UUID userId = UUID.fromString(jwt.subject().orElseThrow());
        String session = jwt.payloadJson().getString("sid");
        return new Caller(userId, session, expires);
    }

    private Duration remaining(Caller caller) {
        Duration left = Duration.between(clock.instant(), caller.expiresAt());
        return left.isNegative() ? Duration.ZERO : left;
    }
}
