package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.db.Database;
import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.TokenVerifier;
import dev.natter.testing.Ground;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SigningKeysServiceTest {
    private Ground ground;
    private Database database;

    @BeforeAll
    void open() {
        ground = Ground.open();
        database = Database.open(ground.config(), "db/auth");
        database.start();
    }

    @BeforeEach
    void forget() {
        database.client().execute().delete("DELETE FROM signing_keys");
    }

    @AfterAll
    void close() {
        database.close();
        ground.close();
    }

    @Test
    void instancesThatStartAtOnceAgreeOnOneKey() throws Exception {
        List<Future<String>> kids = new ArrayList<>();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                kids.add(threads.submit((Callable<String>)
                        () -> started(KeyForm.ELLIPTIC).current().keyId()));
            }
        }

        List<String> all = new ArrayList<>();
        for (Future<String> kid : kids) {
            all.add(kid.get());
        }
        assertThat(all).hasSize(8).containsOnly(all.getFirst());
    }

    @ParameterizedTest
    @EnumSource(KeyForm.class)
    void whatOneInstanceSignsAnotherVerifies(KeyForm form) {
        UUID userId = UUID.randomUUID();
        var issuer = new AccessTokens(started(form), Duration.ofMinutes(5), Clock.systemUTC());
        var config = ground.config(Map.of("algorithm", form.algorithm()));
        var verifier = TokenVerifier.from(config, started(form)::jwks);

        String token = issuer.issue(userId, UUID.randomUUID());

        assertThat(verifier.verify(token).userId()).isEqualTo(userId);
        assertThat(issuer.issue(userId, UUID.randomUUID())).isNotEqualTo(token);
    }

    @Test
    void aCopyOfTheDatabaseDoesNotSign() {
        String kid = started(KeyForm.ELLIPTIC).current().keyId();
        var stranger = SharedSecret.from(ground.config(Map.of("secret.key", "another secret of thirty-two bytes")));
        var keys = new SigningKeys(database, KeyForm.ELLIPTIC, stranger);

        keys.start();

        assertThat(keys.current().keyId()).isNotEqualTo(kid);
        assertThat(text(keys)).contains(keys.current().keyId()).doesNotContain(kid);
    }

    @Test
    void onlyPublicHalvesArePublished() {
        assertThat(text(started(KeyForm.ELLIPTIC)))
                .contains("\"kty\":\"EC\"")
                .doesNotContain("\"d\":")
                .doesNotContain("\"k\":");
        assertThat(text(started(KeyForm.SHARED))).isEqualTo("{\"keys\":[]}");
    }

    private SigningKeys started(KeyForm form) {
        var keys = new SigningKeys(database, form, ground.secret());
        keys.start();
        return keys;
    }

    private static String text(SigningKeys keys) {
        return new String(keys.jwks(), StandardCharsets.UTF_8);
    }
}
