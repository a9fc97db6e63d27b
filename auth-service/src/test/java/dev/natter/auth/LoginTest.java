package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.natter.platform.http.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginTest {
    @Test
    void aFormIsReadAsBrowsersWriteIt() {
        assertThat(form("grant_type=password&username=%D0%90%D0%BD%D0%BD%D0%B0&password=a+b%26c%3D%2B&scope="))
                .containsEntry("username", "Анна")
                .containsEntry("password", "a b&c=+")
                .containsEntry("scope", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"username=%zz", "username=%", "a=%4", "username=a&username=b", "username=a&user%6eame=b"})
    void aBrokenFormIsRefused(String body) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> form(body))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(400));
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> Login.form(new byte[] {'a', '=', (byte) 0xff}))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(400));
    }

    @Test
    void anAccountIsFoundByWhateverSpellingOfItsName() {
        assertThat(new Login("ANNA", null, "x").account()).isEqualTo("anna");
        assertThat(new Login(null, "Anna@Example.ORG", "x").account()).isEqualTo("anna@example.org");
        assertThat(new Login("anna", "else@example.org", "x").account()).isEqualTo("anna");
    }

    @Test
    void aNameThatCannotBeIsNobodys() {
        assertThat(new Login("a\0b", null, "x").account()).isEmpty();
        assertThat(new Login("a".repeat(60_000), null, "x").account()).isEmpty();
    }

    @Test
    void aLoginNeedsSomebodyAndAPassword() {
        assertThatExceptionOfType(Refused.class).isThrownBy(() -> new Login(null, null, "x"));
        assertThatExceptionOfType(Refused.class).isThrownBy(() -> new Login("anna", null, null));
    }

    private static Map<String, String> form(String body) {
        return Login.form(body.getBytes(StandardCharsets.UTF_8));
    }
}
