package dev.natter.local;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code DATABASE_URL}, in either of its forms, taken apart.
 *
 * @param authority host and port
 * @param database the database, or an empty text
 * @param user who connects
 * @param password their password
 * @param parameters what follows the question mark, without user and password
 */
record DatabaseUrl(String authority, String database, String user, String password, String parameters) {
    static DatabaseUrl parse(String url) {
        URI uri;
        try {
            uri = URI.create(url.replaceFirst("^jdbc:", ""));
        } catch (IllegalArgumentException notAnAddress) {
            throw wrong();
        }
        if (uri.getRawAuthority() == null || !uri.getScheme().matches("postgres(ql)?")) {
            throw wrong();
        }
        String authority = uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        String[] credentials =
                at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
        Map<String, String> parameters = parameters(uri.getRawQuery());
        String user = credentials.length > 0 ? decoded(credentials[0]) : parameters.getOrDefault("user", "postgres");
        String password = credentials.length > 1 ? decoded(credentials[1]) : parameters.getOrDefault("password", "");
        String rest = parameters.entrySet().stream()
                .filter(parameter -> !parameter.getKey().equals("user")
                        && !parameter.getKey().equals("password"))
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .sorted()
                .collect(Collectors.joining("&"));
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("^/", "");
        return new DatabaseUrl(authority.substring(at + 1), decoded(path), user, password, rest);
    }

    /** Its text may hold a password, so it isn't repeated. */
    private static StartFailure wrong() {
        return new StartFailure("DATABASE_URL must look like postgresql://user:password@host:5432/natter.");
    }

    private static Map<String, String> parameters(String query) {
        if (query == null || query.isEmpty()) {
            return Map.of();
        }
        return Arrays.stream(query.split("&"))
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0], pair -> pair.length > 1 ? decoded(pair[1]) : "", (first, second) -> second));
    }

    DatabaseUrl withDatabase(String other) {
        return new DatabaseUrl(authority, other, user, password, parameters);
    }

    DatabaseUrl withUser(String other, String secret) {
        return new DatabaseUrl(authority, database, other, secret, parameters);
    }

    /** As the driver wants it, without credentials. */
    String jdbc() {
        return "jdbc:postgresql://" + authority + "/" + encoded(database)
                + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "DatabaseUrl[" + user + "@" + authority + "/" + database + "]";
    }
}
