package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.natter.auth.AuthConfig.Hashing;
import dev.natter.platform.http.Refused;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    private final Passwords passwords = new Passwords(new Hashing(19_456, 2, 1, 4));

    @AfterEach
    void close() {
        passwords.close();
    }

    @Test
    void aHashSaysHowItWasMadeAndNothingElse() {
        String hash = passwords.hash("correct horse");

        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("correct");
        assertThat(passwords.hash("correct horse")).isNotEqualTo(hash);
        assertThat(passwords.isOutdated(hash)).isFalse();
    }

    @Test
    void onlyTheVeryPasswordMatches() {
        String hash = passwords.hash("пароль 🔑");

        assertThat(passwords.matches("пароль 🔑", hash)).isTrue();
        assertThat(passwords.matches("пароль 🔒", hash)).isFalse();
        assertThat(passwords.matches("", hash)).isFalse();
        assertThat(passwords.matches("nobody's password", null)).isFalse();
    }

    @Test
    void anOldHashStillMatchesAndIsKnownAsOld() {
        byte[] salt = "sixteen bytes ok".getBytes(StandardCharsets.US_ASCII);
        String old = Argon2Function.getInstance(8_192, 1, 1, 32, Argon2.ID, 19)
                .hash("correct horse".getBytes(StandardCharsets.UTF_8), salt)
                .getResult();

        assertThat(passwords.matches("correct horse", old)).isTrue();
        assertThat(passwords.isOutdated(old)).isTrue();
    }

    @Test
    void aFloodIsToldToComeBack() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var flood = IntStream.range(0, 30)
                    .mapToObj(_ -> threads.submit((Callable<Integer>) this::attempt))
                    .toList();

            assertThat(flood.stream().map(PasswordsTest::get))
                    .contains(200, 503)
                    .containsOnly(200, 503);
        }
    }

    @Test
    void weakParametersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hashing(8_192, 2, 1, 1))
                .withMessageContaining("password.memory.kib");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hashing(19_456, 1, 1, 1))
                .withMessageContaining("password.passes");
    }

    private int attempt() {
        try {
            passwords.hash("correct horse");
            return 200;
        } catch (Refused refused) {
            assertThat(refused.problem().retryAfter()).isPositive();
            return refused.problem().status();
        }
    }

    private static int get(Future<Integer> answer) {
        try {
            return answer.get();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
