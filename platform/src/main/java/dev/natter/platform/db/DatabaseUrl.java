package dev.natter.platform.db;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code DATABASE_URL} in any of its forms: {@code postgresql://user:pw@host:port/db?x=y}, {@code postgres://},
 * {@code postgresql+driver://} as Python's libraries write it, and {@code jdbc:postgresql://}.
 *
 * @param jdbc what the driver understands, without credentials
 * @param user the user, or null
 * @param password the password, or null
 */
public record DatabaseUrl(String jdbc, String user, String password) {
    private static final Pattern FORM = Pattern.compile(
            "(?:jdbc:)?postgres(?:ql)?(?:\\+\\w+)?://(?:([^:@/?]*)(?::([^@/?]*))?@)?([^/?]*)/?([^?]*)(?:\\?(.*))?");
    private static final Pattern JDBC = Pattern.compile("jdbc:postgresql://([^/]*)/([^?]*)(\\?.*)?");

    /**
     * Takes it apart.
     *
     * @param url in any of the forms
     * @return its parts
     * @throws IllegalArgumentException if it has none of them
     */
    public static DatabaseUrl parse(String url) {
        Matcher matcher = FORM.matcher(url.trim());
        if (!matcher.matches()) {
            // Never repeated in the message: it may hold a password.
            throw new IllegalArgumentException(
                    "DATABASE_URL must look like postgresql://user:password@host:5432/database");
        }
        String hosts = matcher.group(3).isEmpty() ? "localhost" : matcher.group(3);
        String parameters = matcher.group(5) == null ? "" : matcher.group(5);
        // The driver would prefer these to the credentials it is given.
        String others = Arrays.stream(parameters.split("&"))
                .filter(parameter -> !parameter.isEmpty() && !parameter.matches("(user|password)(=.*)?"))
                .collect(Collectors.joining("&"));
        return new DatabaseUrl(
                "jdbc:postgresql://" + hosts + "/" + matcher.group(4) + (others.isEmpty() ? "" : "?" + others),
                decode(Optional.ofNullable(matcher.group(1)).orElse(parameter(parameters, "user"))),
                decode(Optional.ofNullable(matcher.group(2)).orElse(parameter(parameters, "password"))));
    }

    private static String parameter(String parameters, String name) {
        return Arrays.stream(parameters.split("&"))
                .filter(parameter -> parameter.startsWith(name + "="))
                .map(parameter -> parameter.substring(name.length() + 1))
                .findFirst()
                .orElse(null);
    }

    private static String decode(String part) {
        // In this part of a URL a plus is a plus.
        return part == null ? null : URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /**
     * The database that it names.
     *
     * @return its name, or an empty text
     */
    public String database() {
        Matcher matcher = JDBC.matcher(jdbc);
        return matcher.matches() ? decode(matcher.group(2)) : "";
    }

    /**
     * Another database of the same server.
     *
     * @param database its name
     * @return its address, with the same credentials
     */
    public DatabaseUrl with(String database) {
        String name = URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
        String other = JDBC.matcher(jdbc).replaceFirst("jdbc:postgresql://$1/" + name + "$3");
        return new DatabaseUrl(other, user, password);
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
