package dev.natter.auth;

import dev.natter.platform.http.Violations;

/**
 * What a client sends to register.
 *
 * @param username how they want to be known
 * @param password what only they know
 * @param email an address, or null
 * @param displayName how they wish to be shown; the username unless given
 */
record Registration(String username, String password, String email, String displayName) {
    static final int MIN_USERNAME = 3;
    static final int MAX_USERNAME = 32;
    static final int MIN_PASSWORD = 8;
    static final int MAX_PASSWORD = 128;
    static final int MAX_DISPLAY_NAME = 64;

    Registration {
        username = username == null ? null : Names.composed(username);
        displayName = displayName == null ? username : Names.composed(displayName);
        new Violations()
                .text("username", username, MIN_USERNAME, MAX_USERNAME)
                .check(
                        "username",
                        username == null || Names.isUsername(username),
                        "invalid_characters",
                        "'username' may have letters, digits, '_', '.' and '-'.")
                .text("password", password, MIN_PASSWORD, MAX_PASSWORD)
                .check(
                        "email",
                        email == null || Names.isEmail(email),
                        "invalid_email",
                        "'email' is not an e-mail address.")
                .optionalText("display_name", displayName, 1, MAX_DISPLAY_NAME)
                .check(
                        "display_name",
                        displayName == null || isVisible(displayName),
                        "invalid_characters",
                        "'display_name' must be visible text on one line.")
                .orRefuse();
    }

    private static boolean isVisible(String text) {
        return !text.isBlank() && text.codePoints().noneMatch(Character::isISOControl);
    }

    @Override
    public String toString() {
        return "Registration[" + username + "]";
    }
}
