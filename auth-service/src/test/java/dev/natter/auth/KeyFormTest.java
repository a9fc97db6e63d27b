package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.natter.platform.http.Json;
import dev.natter.platform.token.SharedSecret;
import io.helidon.common.configurable.Resource;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.security.jwt.jwk.Jwk;
import io.helidon.security.jwt.jwk.JwkKeys;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyFormTest {
    private static final byte[] TEXT = "signed".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @EnumSource(names = {"ELLIPTIC", "RSA"})
    void whatAPairSignsItsPublishedHalfVerifies(KeyForm form) {
        KeyPair pair = form.generate();
        String publicKey = HexFormat.of().formatHex(pair.getPublic().getEncoded());
        KeyPair again =
                form.pair(pair.getPublic().getEncoded(), pair.getPrivate().getEncoded());

        Map<String, String> published = form.jwk("one", publicKey);
        byte[] signature = form.jwk("one", again).sign(TEXT);

        Jwk key = JwkKeys.builder()
                .resource(Resource.create("jwks", Json.bytes(Map.of("keys", List.of(published)))))
                .build()
                .forKeyId("one")
                .orElseThrow();
        assertThat(key.algorithm()).isEqualTo(form.algorithm());
        assertThat(key.verifySignature(TEXT, signature)).isTrue();
        assertThat(published).doesNotContainKeys("d", "p", "q", "dp", "dq", "qi", "k");
    }

    @Test
    void coordinatesAreWrittenAtFullLength() {
        for (int i = 0; i < 300; i++) {
            String publicKey = HexFormat.of()
                    .formatHex(KeyForm.ELLIPTIC.generate().getPublic().getEncoded());
            Map<String, String> jwk = KeyForm.ELLIPTIC.jwk("one", publicKey);
            assertThat(jwk.get("x")).hasSize(43);
            assertThat(jwk.get("y")).hasSize(43);
        }
    }

    @Test
    void otherAlgorithmsDoNotExist() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyForm.of("none"))
                .withMessageContaining("ALGORITHM");
    }

    @Test
    void aSealedKeyOpensOnlyWithItsSecretAndItsName() {
        SharedSecret secret = secret("a secret of more than thirty-two bytes");
        byte[] sealed = Sealed.seal(secret, "one", TEXT);

        assertThat(Sealed.open(secret, "one", sealed)).contains(TEXT);
        assertThat(Sealed.open(secret, "two", sealed)).isEmpty();
        assertThat(Sealed.open(secret("another secret of thirty-two bytes"), "one", sealed))
                .isEmpty();
        sealed[sealed.length - 1] ^= 1;
        assertThat(Sealed.open(secret, "one", sealed)).isEmpty();
    }

    private static SharedSecret secret(String text) {
        return SharedSecret.from(Config.just(ConfigSources.create(Map.of("secret.key", text))));
    }
}
