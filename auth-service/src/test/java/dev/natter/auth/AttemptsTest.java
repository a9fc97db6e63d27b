package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.natter.auth.AuthConfig.Failures;
import dev.natter.platform.http.Refused;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private final Attempts attempts = new Attempts(new Failures(3, 10, Duration.ofHours(1)));

    @Test
    void guessingFromOneAddressIsSlowedForThatAccountAlone() {
        guess("anna", "1.1.1.1", 3);

        assertRefused("anna", "1.1.1.1");
        assertAdmitted("anna", "2.2.2.2");
        assertAdmitted("boris", "1.1.1.1");
    }

    @Test
    void guessingFromEverywhereIsSlowedButTheOwnerComesIn() {
        attempts.right("anna", "9.9.9.9");

        for (int i = 0; i < 10; i++) {
            guess("anna", "1.1.1." + i, 1);
        }

        assertRefused("anna", "2.2.2.2");
        assertAdmitted("anna", "9.9.9.9");
    }

    @Test
    void rightPasswordsNeverCount() {
        for (int i = 0; i < 1_000; i++) {
            attempts.admit("anna", "1.1.1.1");
            attempts.right("anna", "1.1.1.1");
        }

        assertAdmitted("anna", "1.1.1.1");
    }

    private void guess(String account, String address, int times) {
        for (int i = 0; i < times; i++) {
            attempts.admit(account, address);
            attempts.wrong(account, address);
        }
    }

    private void assertAdmitted(String account, String address) {
        assertThatCode(() -> attempts.admit(account, address)).doesNotThrowAnyException();
    }

    private void assertRefused(String account, String address) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> attempts.admit(account, address))
                .satisfies(refused -> {
                    Assertions.assertThat(refused.problem().status()).isEqualTo(429);
                    Assertions.assertThat(refused.problem().retryAfter()).isPositive();
                });
    }
}
