package dev.natter.platform.db;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code DATABASE_URL} in any of its forms: {@code postgresql://user:pw@host:port/db?x=y}, {@code postgres://},
 * {@code postgresql+driver://} as Python's libraries write it, and {@code jdbc:postgresql://}.
 *
 * @param jdbc what the driver understands, without credentials
 * @param user the user, or null
 * @param password the password, or null
 */
record DatabaseUrl(String jdbc, String user, String password) {
    private static final Pattern FORM = Pattern.compile(
            "(?:jdbc:)?postgres(?:ql)?(?:\\+\\w+)?://(?:([^:@/?]*)(?::([^@/?]*))?@)?([^/?]*)/?([^?]*)(?:\\?(.*))?");

    static DatabaseUrl parse(String url) {
        Matcher matcher = FORM.matcher(url.trim());
        if (!matcher.matches()) {
            // Never repeated in the message: it may hold a password.
            throw new IllegalArgumentException(
                    "DATABASE_URL must look like postgresql://user:password@host:5432/database");
        }
        String hosts = matcher.group(3).isEmpty() ? "localhost" : matcher.group(3);
        String parameters = matcher.group(5) == null ? "" : "?" + matcher.group(5);
        return new DatabaseUrl(
                "jdbc:postgresql://" + hosts + "/" + matcher.group(4) + parameters,
                decode(matcher.group(1)),
                decode(matcher.group(2)));
    }

    private static String decode(String part) {
        // In this part of a URL a plus is a plus.
        return part == null ? null : URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Where it is, for the log. */
    String place() {
        return jdbc.replaceFirst("^jdbc:postgresql://", "").replaceFirst("\\?.*", "");
    }

    @Override
    public String toString() {
        return "DatabaseUrl[" + place() + "]";
    }
}
