package dev.natter.platform.http;

import dev.natter.platform.http.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with a request, so that a client hears of all of it at once. Used in compact constructors of
 * request records; not thread-safe.
 */
public final class Violations {
    private final List<FieldError> errors = new ArrayList<>();

    /**
     * Demands a text.
     *
     * @param field the field's name
     * @param value its value, or null if absent
     * @param min fewest code points
     * @param max most code points
     * @return this
     */
    public Violations text(String field, String value, int min, int max) {
        if (value == null) {
            return add(field, "required", "'" + field + "' is required.");
        }
        return optionalText(field, value, min, max);
    }

    /**
     * Demands that a text, if there is one, is well-formed Unicode of a certain length without U+0000.
     *
     * @param field the field's name
     * @param value its value, or null if absent
     * @param min fewest code points
     * @param max most code points
     * @return this
     */
    public Violations optionalText(String field, String value, int min, int max) {
        if (value == null) {
            return this;
        }
        if (!isText(value)) {
            return add(field, "not_text", "'" + field + "' holds characters that are not text.");
        }
        int length = value.codePointCount(0, value.length());
        if (length < min) {
            return add(
                    field,
                    "too_short",
                    "'" + field + "' needs at least " + min + (min == 1 ? " character." : " characters."));
        }
        if (length > max) {
            return add(field, "too_long", "'" + field + "' may have at most " + max + " characters.");
        }
        return this;
    }

    /**
     * Demands anything else.
     *
     * @param field the field's name
     * @param holds whether the rule holds
     * @param code stable code of the rule
     * @param message one sentence for a human
     * @return this
     */
    public Violations check(String field, boolean holds, String code, String message) {
        return holds ? this : add(field, code, message);
    }

    /**
     * Ends the collection.
     *
     * @throws Refused 422, if anything was wrong
     */
    public void orRefuse() {
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors).refuse();
        }
    }

    /** Without U+0000, which PostgreSQL refuses, and without half a surrogate pair. */
    private static boolean isText(String value) {
        int point;
        for (int i = 0; i < value.length(); i += Character.charCount(point)) {
            point = value.codePointAt(i);
            if (point == 0 || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                return false;
            }
        }
        return true;
    }

    private Violations add(String field, String code, String message) {
        errors.add(new FieldError(field, code, message));
        return this;
    }
}
