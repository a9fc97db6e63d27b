package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.natter.platform.http.Problem.FieldError;
import dev.natter.platform.http.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistrationTest {
    private static final String PASSWORD = "correct horse";

    @Test
    void aUserIsShownByTheirNameUnlessTheyWishOtherwise() {
        assertThat(new Registration("anna", PASSWORD, null, null).displayName()).isEqualTo("anna");
        assertThat(new Registration("anna", PASSWORD, null, "Anna ❤").displayName())
                .isEqualTo("Anna ❤");
    }

    @Test
    void lengthsAreCountedInCharactersThatPeopleSeeAsSuch() {
        assertThat(new Registration("𝔸𝔹𝕀", PASSWORD, null, null).username()).isEqualTo("𝔸𝔹𝕀");
        assertThat(codes("𝔸𝔹", PASSWORD, null, null)).containsExactly("too_short");
        assertThat(codes("a".repeat(33), PASSWORD, null, null)).containsExactly("too_long");
        assertThat(codes("anna", "1234567", null, null)).containsExactly("too_short");
        assertThat(codes("anna", "1".repeat(129), null, null)).containsExactly("too_long");
        assertThat(new Registration("a".repeat(32), "🔑".repeat(128), null, null).password())
                .hasSize(256);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThat(codes(null, null, "nowhere", " "))
                .containsExactly("required", "required", "invalid_email", "invalid_characters");
        assertThat(codes("a b c", PASSWORD, "", "a\nb"))
                .containsExactly("invalid_characters", "invalid_email", "invalid_characters");
        assertThat(codes("anna", "with \0 in it", null, null)).containsExactly("not_text");
        assertThat(codes("anna", "\ud800 lonely", null, null)).containsExactly("not_text");
    }

    @Test
    void aPasswordIsNeverShown() {
        assertThat(new Registration("anna", PASSWORD, null, null).toString()).doesNotContain(PASSWORD);
        assertThat(new Login("anna", null, PASSWORD).toString()).doesNotContain(PASSWORD);
    }

    private static List<String> codes(String username, String password, String email, String displayName) {
        Refused refused =
                catchThrowableOfType(Refused.class, () -> new Registration(username, password, email, displayName));
        return refused.problem().errors().stream().map(FieldError::code).toList();
    }
}
