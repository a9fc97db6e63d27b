package dev.natter.platform.http;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What paths and query strings say, read strictly; and RFC 8288 links to the next page. */
public final class Query {
    /** Items on a page, unless asked otherwise. */
    public static final int DEFAULT_LIMIT = 50;

    /** Most items on a page. */
    public static final int MAX_LIMIT = 200;

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
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * {@code ?limit=}, 1 to {@value #MAX_LIMIT}.
     *
     * @param request the request
     * @return the limit, {@value #DEFAULT_LIMIT} if absent
     * @throws Refused 422
     */
    public static int limit(ServerRequest request) {
        throw new UnsupportedOperationException("skeleton");
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
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * A parameter that is text.
     *
     * @param request the request
     * @param name the parameter
     * @return the text, or empty if absent
     */
    public static Optional<String> text(ServerRequest request, String name) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Adds {@code Link: <...>; rel="..."}: this request's path and query with some parameters replaced.
     *
     * @param request the request
     * @param response the response
     * @param rel the relation, as in {@code next}
     * @param parameters the parameters to set; a null value removes one
     */
    public static void link(
            ServerRequest request, ServerResponse response, String rel, Map<String, String> parameters) {
        throw new UnsupportedOperationException("skeleton");
    }
}
