package dev.natter.platform.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedSecretTest {
    private static final String TEXT = "a secret of more than thirty-two bytes";

    private final SharedSecret secret = secret(TEXT);

    @Test
    void aShortSecretIsRefusedWithoutBeingQuoted() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secret("thirty-one bytes are not enough"))
                .withMessageContaining("SECRET_KEY")
                .withMessageNotContaining("thirty-one");
    }

    @Test
    void eachUseHasItsOwnKeyAndEveryServiceTheSame() {
        assertThat(secret.derive("one")).hasSize(32).isEqualTo(secret(TEXT).derive("one"));
        assertThat(secret.derive("one")).isNotEqualTo(secret.derive("two"));
        assertThat(secret.derive("one")).isNotEqualTo(secret(TEXT + "!").derive("one"));
    }

    @Test
    void onlyTheCredentialIsTheCredential() {
        assertThat(secret.isCredential(secret(TEXT).credential())).isTrue();
        assertThat(secret.isCredential(null)).isFalse();
        assertThat(secret.isCredential("")).isFalse();
        assertThat(secret.isCredential(TEXT)).isFalse();
        assertThat(secret.isCredential(secret.credential() + "0")).isFalse();
        assertThat(secret.isCredential(secret(TEXT + "!").credential())).isFalse();
    }

    @Test
    void theSecretIsNotShown() {
        assertThat(secret.toString()).doesNotContain(TEXT).doesNotContain(secret.credential());
    }

    private static SharedSecret secret(String text) {
        return SharedSecret.from(Config.just(ConfigSources.create(Map.of("secret.key", text))));
    }
}
