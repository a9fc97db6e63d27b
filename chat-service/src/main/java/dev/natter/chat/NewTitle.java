package dev.natter.chat;

import dev.natter.platform.http.Violations;
import tools.jackson.databind.JsonNode;

/**
 * The wish to change a group. What isn't named stays as it is, and null takes the title away, so the two must be told
 * apart.
 *
 * @param title JSON of a text, of null, or nothing
 */
record NewTitle(JsonNode title) {
    NewTitle {
        var violations = new Violations().check("title", title != null, "required", "'title' is required.");
        if (title != null) {
            violations
                    .check("title", title.isString() || title.isNull(), "wrong_type", "'title' must be a text or null.")
                    .optionalText("title", text(title), 1, NewChat.MAX_TITLE);
        }
        violations.orRefuse();
    }

    /** The title without the white space around it, or null for none. */
    String text() {
        return text(title);
    }

    private static String text(JsonNode title) {
        return title.isString() ? title.asString().strip() : null;
    }
}
