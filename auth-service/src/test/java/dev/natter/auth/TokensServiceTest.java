package dev.natter.auth;

import static dev.natter.auth.Running.name;
import static dev.natter.auth.Running.userId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.token.TokenVerifier;
import dev.natter.testing.Api;
import dev.natter.testing.Ground;
import dev.natter.testing.Reply;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokensServiceTest {
    private Running running;

    @BeforeAll
    void open() {
        running = new Running();
    }

    @AfterAll
    void close() {
        running.close();
    }

    @Test
    void aRefreshTokenIsExchangedForNewTokensOfTheSameUser() {
        Reply first = running.register(name());

        Reply second = running.refresh(first.json());

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json().get("user")).isEqualTo(first.json().get("user"));
        assertThat(second.json().get("refresh_token")).isNotEqualTo(first.json().get("refresh_token"));
        assertThat(running.as(second.json()).get("/api/users/me").status()).isEqualTo(200);
    }

    @Test
    void aRefreshTokenThatComesAgainEndsTheSession() {
        JsonNode first = running.register(name()).json();
        JsonNode second = running.refresh(first).json();

        Reply again = running.refresh(first);

        assertThat(again.status()).isEqualTo(401);
        assertThat(again.json().get("code").asString()).isEqualTo("unauthenticated");
        assertThat(running.refresh(second).status()).isEqualTo(401);
    }

    @Test
    void aTokenOfOneKindIsNoTokenOfTheOther() {
        JsonNode tokens = running.register(name()).json();

        assertThat(running.api
                        .as(tokens.get("refresh_token").asString())
                        .get("/api/users/me")
                        .status())
                .isEqualTo(401);
        assertThat(running.api
                        .post(
                                "/api/auth/refresh",
                                Map.of(
                                        "refresh_token",
                                        tokens.get("access_token").asString()))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void whoSignsOutStaysOut() {
        JsonNode tokens = running.register(name()).json();

        assertThat(running.as(tokens).post("/api/auth/logout", null).status()).isEqualTo(204);
        assertThat(running.as(tokens).post("/api/auth/logout", null).status()).isEqualTo(204);

        assertThat(running.refresh(tokens).status()).isEqualTo(401);
        assertThat(running.api.post("/api/auth/logout", null).status()).isEqualTo(401);
    }

    @Test
    void anAccessTokenSaysWhatItIs() {
        Reply reply = running.register(name());
        String[] parts = reply.json().get("access_token").asString().split("\\.");
        JsonNode header = decode(parts[0]);
        JsonNode claims = decode(parts[1]);

        assertThat(header.get("alg").asString()).isEqualTo("ES256");
        assertThat(header.get("typ").asString()).isEqualTo("at+jwt");
        assertThat(claims.get("sub").asString()).isEqualTo(userId(reply).toString());
        assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(1800);
        assertThat(UUID.fromString(claims.get("sid").asString())).isNotNull();
        assertThat(claims.toString()).doesNotContain("email").doesNotContain("username");

        JsonNode keys = running.api.get("/.well-known/jwks.json").json().get("keys");
        assertThat(keys.get(0).get("kid")).isEqualTo(header.get("kid"));
        assertThat(keys.get(0).has("d")).isFalse();
        assertThat(running.internal.get("/.well-known/jwks.json").json().get("keys"))
                .isEqualTo(keys);
    }

    @Test
    void anotherServiceVerifiesWhatThisOneSigned() {
        Reply reply = running.register(name());
        var elsewhere = TokenVerifier.from(running.ground.config(Map.of(
                "algorithm",
                "ES256",
                "token.jwks.url",
                running.internal.uri("/.well-known/jwks.json").toString())));

        var caller = elsewhere.verify(reply.json().get("access_token").asString());

        assertThat(caller.userId()).isEqualTo(userId(reply));
    }

    @Test
    void forgedTokensOpenNothing() {
        UUID userId = userId(running.register(name()));
        String kid = running.api
                .get("/.well-known/jwks.json")
                .json()
                .get("keys")
                .get(0)
                .get("kid")
                .asString();
        Map<String, Object> claims = Map.of(
                "iss",
                "natter",
                "aud",
                "natter",
                "sub",
                userId.toString(),
                "sid",
                userId.toString(),
                "iat",
                1,
                "exp",
                4_000_000_000L);

        for (String token : List.of(
                running.ground.token(userId),
                running.ground.token(userId, Duration.ofHours(-1)),
                Ground.sign(Map.of("alg", "HS256", "typ", "at+jwt", "kid", kid), claims, Ground.SECRET_KEY),
                Ground.sign(Map.of("alg", "none", "typ", "at+jwt", "kid", kid), claims, Ground.SECRET_KEY),
                Ground.sign(Map.of("alg", "ES256", "typ", "at+jwt", "kid", kid), claims, Ground.SECRET_KEY),
                "garbage",
                "a.b.c")) {
            Api forger = running.api.as(token);
            for (String path : List.of("/api/users/me", "/api/users", "/api/users/" + userId)) {
                Reply reply = forger.get(path);
                assertThat(reply.status()).as(path + " " + token).isEqualTo(401);
                assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
                assertThat(reply.text()).doesNotContain(token);
            }
        }
    }

    @Test
    void theUserOfAGenuineTokenMayBeGone() {
        Reply reply = running.register(name());
        running.database
                .client()
                .execute()
                .createDelete("DELETE FROM users WHERE id = CAST(? AS uuid)")
                .addParam(userId(reply).toString())
                .execute();

        assertThat(running.as(reply.json()).get("/api/users/me").status()).isEqualTo(401);
        assertThat(running.refresh(reply.json()).status()).isEqualTo(401);
        assertThat(running.as(reply.json()).post("/api/auth/logout", null).status())
                .isEqualTo(204);
    }

    private static JsonNode decode(String part) {
        return new Reply(0, null, Base64.getUrlDecoder().decode(part)).json();
    }
}
