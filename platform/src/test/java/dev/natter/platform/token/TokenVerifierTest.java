package dev.natter.platform.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.natter.platform.http.Refused;
import dev.natter.testing.Hands;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
    private static final String SECRET = "a secret of more than thirty-two bytes";
    private static final Instant NOW = Instant.now();
    private static final UUID USER = UUID.randomUUID();
    private static final KeyPair ELLIPTIC = Forge.elliptic();
    private static final KeyPair RSA = Forge.rsa();
    private static final byte[] JWKS = Forge.jwks(Forge.jwk("ec-1", ELLIPTIC), Forge.jwk("rsa-1", RSA));

    private final TokenVerifier elliptic = verifier("ES256", Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aTokenOfOursSaysWhoIsCalling() {
        String token = good().sign(ELLIPTIC);

        Caller caller = elliptic.verify(token);

        assertThat(caller.userId()).isEqualTo(USER);
        assertThat(caller.sessionId()).isEqualTo("session-1");
        assertThat(caller.expiresAt()).isEqualTo(Instant.ofEpochSecond(NOW.getEpochSecond() + 600));
        assertThat(caller.toString()).doesNotContain(token);
    }

    @Test
    void anInstallationMayUseRsaOrTheSharedSecret() {
        var rsa = verifier("RS256", Clock.fixed(NOW, ZoneOffset.UTC));
        var shared = shared();

        assertThat(rsa.verify(new Forge("RS256", "rsa-1", NOW, USER).sign(RSA)).userId())
                .isEqualTo(USER);
        assertThat(shared.verify(hs256().hmac(bytes(SECRET))).userId()).isEqualTo(USER);
        assertThat(shared.verify(hs256().header("kid", null).hmac(bytes(SECRET)))
                        .userId())
                .isEqualTo(USER);
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void aForgedTokenProvesNothing(String name, String token) {
        assertThat(refusal(elliptic, token)).as(name).isEqualTo(401);
    }

    static List<Object[]> forgeries() {
        KeyPair stranger = Forge.elliptic();
        byte[] publicKey = ELLIPTIC.getPublic().getEncoded();
        String token = good().sign(ELLIPTIC);
        String[] parts = token.split("\\.");
        long now = NOW.getEpochSecond();
        return List.of(new Object[][] {
            {"no signature at all", good().header("alg", "none").unsigned()},
            {"none in another case", good().header("alg", "nOnE").unsigned()},
            {
                "none without a key",
                good().header("alg", "none").header("kid", null).unsigned()
            },
            {"none, yet signed", good().header("alg", "none").sign(ELLIPTIC)},
            {"an empty signature", parts[0] + "." + parts[1] + "."},
            {"no algorithm", good().header("alg", null).sign(ELLIPTIC)},
            {"the public key as a secret", good().header("alg", "HS256").hmac(publicKey)},
            {"the key set as a secret", good().header("alg", "HS256").hmac(JWKS)},
            {"the installation's secret", good().header("alg", "HS256").hmac(bytes(SECRET))},
            {"another algorithm's key", new Forge("RS256", "rsa-1", NOW, USER).sign(RSA)},
            {"our algorithm, another's key", good().header("kid", "rsa-1").sign(RSA)},
            {"a stranger's key", good().sign(stranger)},
            {"an unknown key", good().header("kid", "ec-2").sign(stranger)},
            {"a key id that is a path", good().header("kid", "../../dev/null").sign(ELLIPTIC)},
            {"no key id", good().header("kid", null).sign(ELLIPTIC)},
            {"its own key", good().header("jwk", Forge.jwk("ec-1", stranger)).sign(stranger)},
            {"a key to fetch", good().header("jku", "http://127.0.0.1:1/jwks").sign(ELLIPTIC)},
            {
                "a certificate to fetch",
                good().header("x5u", "http://127.0.0.1:1/x").sign(ELLIPTIC)
            },
            {
                "an extension",
                good().header("crit", List.of("exp")).header("exp", now).sign(ELLIPTIC)
            },
            {"another kind of token", good().header("typ", "JWT").sign(ELLIPTIC)},
            {"no kind", good().header("typ", null).sign(ELLIPTIC)},
            {"another issuer", good().claim("iss", "else").sign(ELLIPTIC)},
            {"no issuer", good().claim("iss", null).sign(ELLIPTIC)},
            {"another audience", good().claim("aud", "else").sign(ELLIPTIC)},
            {"no audience", good().claim("aud", null).sign(ELLIPTIC)},
            {"expired", good().claim("exp", now).sign(ELLIPTIC)},
            {"no end", good().claim("exp", null).sign(ELLIPTIC)},
            {"an end that is no time", good().claim("exp", "tomorrow").sign(ELLIPTIC)},
            {"issued in the future", good().claim("iat", now + 60).sign(ELLIPTIC)},
            {"never issued", good().claim("iat", null).sign(ELLIPTIC)},
            {"not valid yet", good().claim("nbf", now + 60).sign(ELLIPTIC)},
            {"nobody", good().claim("sub", null).sign(ELLIPTIC)},
            {"a name for an id", good().claim("sub", "anna").sign(ELLIPTIC)},
            {"no session", good().claim("sid", null).sign(ELLIPTIC)},
            {"a number for a session", good().claim("sid", 7).sign(ELLIPTIC)},
            {"another's claims", parts[0] + "." + other().split("\\.")[1] + "." + parts[2]},
            {"a flipped bit", flip(token)},
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "...",
                "a.b.c",
                "Bearer x",
                "null",
                "e30.e30.",
                "e30.e30.e30",
                "W10.W10.W10",
                "\0",
                "🎈.🎈.🎈",
                "eyJhbGciOjF9.e30.e30",
                "eyJhbGciOiJFUzI1NiIsImtpZCI6W119.e30.e30",
                "eyJhbGciOiJFUzI1NiI",
                "=.=.="
            })
    void garbageProvesNothing(String token) {
        assertThat(refusal(elliptic, token)).isEqualTo(401);
    }

    @Test
    void deepAndHugeTokensProveNothing() {
        String deep = "{\"alg\":".repeat(300);
        String base64 = Base64.getUrlEncoder().encodeToString(bytes(deep));

        assertThat(refusal(elliptic, base64 + ".e30.e30")).isEqualTo(401);
        assertThat(refusal(elliptic, "[".repeat(1_000_000))).isEqualTo(401);
        assertThat(refusal(elliptic, "a".repeat(1_000_000) + "." + "a".repeat(9) + ".a"))
                .isEqualTo(401);
        assertThat(refusal(elliptic, null)).isEqualTo(401);
    }

    @Test
    void aRefusalNeverQuotesTheToken() {
        String token = good().claim("exp", 1).sign(ELLIPTIC);

        Refused refused = catchThrowableOfType(Refused.class, () -> elliptic.verify(token));

        assertThat(refused).hasNoCause();
        assertThat(refused.getMessage()).doesNotContain(token.substring(0, 20));
        assertThat(refused.problem().code()).isEqualTo("unauthenticated");
    }

    @Test
    void theSharedSecretOpensNothingButItsOwnAlgorithm() {
        var shared = shared();

        assertThat(refusal(shared, good().sign(ELLIPTIC))).isEqualTo(401);
        assertThat(refusal(shared, hs256().header("kid", "ec-1").hmac(bytes(SECRET))))
                .isEqualTo(401);
        assertThat(refusal(shared, hs256().hmac(bytes("another secret of thirty-two bytes"))))
                .isEqualTo(401);
        assertThat(refusal(shared, hs256().header("alg", "none").unsigned())).isEqualTo(401);
        assertThat(refusal(shared, hs256().header("alg", "HS384").hmac(bytes(SECRET))))
                .isEqualTo(401);
    }

    @Test
    void aRememberedTokenStillExpires() {
        var clock = new Hands(NOW);
        var verifier = verifier("ES256", clock);
        String token = good().sign(ELLIPTIC);

        assertThat(verifier.verify(token)).isSameAs(verifier.verify(token));

        clock.advance(Duration.ofSeconds(601));
        assertThat(refusal(verifier, token)).isEqualTo(401);
    }

    @Test
    void clocksMayDifferByMoments() {
        String token = good().claim("iat", NOW.getEpochSecond() + 3)
                .claim("nbf", NOW.getEpochSecond() + 3)
                .sign(ELLIPTIC);

        assertThat(elliptic.verify(token).userId()).isEqualTo(USER);
    }

    @Test
    void settingsThatMakeNoSenseAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TokenVerifier.from(config(Map.of("algorithm", "none", "token.jwks.url", "http://auth"))))
                .withMessageContaining("ALGORITHM");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenVerifier.from(config(Map.of("algorithm", "HS256", "secret.key", "short"))))
                .withMessageContaining("SECRET_KEY")
                .withMessageNotContaining("short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenVerifier.from(config(Map.of("algorithm", "ES256"))))
                .withMessageContaining("TOKEN_JWKS_URL");
    }

    private static Forge good() {
        return new Forge("ES256", "ec-1", NOW, USER);
    }

    private static Forge hs256() {
        return new Forge("HS256", TokenVerifier.SHARED_KEY_ID, NOW, USER);
    }

    private static String other() {
        return new Forge("ES256", "ec-1", NOW, UUID.randomUUID()).sign(ELLIPTIC);
    }

    private static String flip(String token) {
        int at = token.lastIndexOf('.') + 10;
        return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
    }

    private static TokenVerifier verifier(String algorithm, Clock clock) {
        var keys = new Jwks(algorithm, () -> JWKS, clock);
        return new TokenVerifier(algorithm, keys::find, clock);
    }

    private static TokenVerifier shared() {
        return TokenVerifier.from(config(Map.of("algorithm", "HS256", "secret.key", SECRET)));
    }

    private static Config config(Map<String, String> settings) {
        return Config.just(ConfigSources.create(settings));
    }

    private static int refusal(TokenVerifier verifier, String token) {
        return catchThrowableOfType(Refused.class, () -> verifier.verify(token))
                .problem()
                .status();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
