package dev.natter.platform.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;

/** What paths and query strings say, read strictly; and RFC 8288 links to the next page. */
public final class Query {
    /** Items on a page, unless asked otherwise. */
    public static final int DEFAULT_LIMIT = 50;

    /** Most items on a page. */
    public static final int MAX_LIMIT = 200;

    private static final int UUID_LENGTH = 36;

    private Query() {}

    /**
     * A path parameter that is an id. What isn't an id names nothing, so it is 404 and not 400.
     *
     * @param request the request
     * @param name the parameter, as in {@code chat_id}
     * @param what the kind of thing, for the problem, as in "chat"
     * @return the id
     * @throws Refused 404
     */
    public static UUID pathId(ServerRequest request, String name, String what) {
        return id(request.path().pathParameters().get(name))
                .orElseThrow(() -> Problem.notFound(what).refuse());
    }

    /**
     * Reads an id in its canonical form only, so that a thing has exactly one name.
     *
     * @param text what a client sent, or null
     * @return the id, or empty if the text isn't one
     */
    public static Optional<UUID> id(String text) {
        if (text == null || text.length() != UUID_LENGTH) {
            return Optional.empty();
        }
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    /**
     * {@code ?limit=}, 1 to {@value #MAX_LIMIT}.
     *
     * @param request the request
     * @return the limit, {@value #DEFAULT_LIMIT} if absent
     * @throws Refused 422
     */
    public static int limit(ServerRequest request) {
        long limit = number(request, "limit").orElse(DEFAULT_LIMIT);
        new Violations()
                .check(
                        "limit",
                        limit >= 1 && limit <= MAX_LIMIT,
                        "out_of_range",
                        "'limit' must be 1 to " + MAX_LIMIT + ".")
                .orRefuse();
        return (int) limit;
    }

    /**
     * A parameter that is a whole number, 0 or more.
     *
     * @param request the request
     * @param name the parameter
     * @return the number, or empty if absent
     * @throws Refused 422
     */
    public static OptionalLong number(ServerRequest request, String name) {
        Optional<String> text = text(request, name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        boolean digits = text.get().matches("[0-9]{1,18}");
        new Violations()
                .check(name, digits, "not_a_number", "'" + name + "' must be a whole number.")
                .orRefuse();
        return OptionalLong.of(Long.parseLong(text.get()));
    }

    /**
     * A parameter that is text.
     *
     * @param request the request
     * @param name the parameter
     * @return the text, or empty if absent
     */
    public static Optional<String> text(ServerRequest request, String name) {
        return request.query().contains(name) ? Optional.of(request.query().get(name)) : Optional.empty();
    }

    /**
     * Adds {@code Link: <...>; rel="..."}: this request's path and query with some parameters replaced.
     *
     * @param request the request
     * @param response the response
     * @param rel the relation, as in {@code next}
     * @param parameters the parameters to set
     */
    public static void link(
            ServerRequest request, ServerResponse response, String rel, Map<String, String> parameters) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String name : request.query().names()) {
            all.put(name, request.query().get(name));
        }
        all.keySet().removeIf(Query::isCursor);
        all.putAll(parameters);
        String query = all.entrySet().stream()
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
        response.headers()
                .add(
                        HeaderNames.create("Link"),
                        "<" + request.path().rawPath() + "?" + query + ">; rel=\"" + rel + "\"");
    }

    /** A link names one cursor; those of the page it is on would contradict it. */
    private static boolean isCursor(String name) {
        return switch (name) {
            case "before", "after", "around", "cursor" -> true;
            default -> false;
        };
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
