package dev.natter.platform.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Set;

/** Which web pages may call (the Fetch standard, "CORS protocol"), and what of the answers they may read. */
final class Cors {
    private static final HeaderName REQUEST_METHOD = HeaderNames.ACCESS_CONTROL_REQUEST_METHOD;
    private static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Origin");
    private static final Header CREDENTIALS =
            HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    private static final Header EXPOSED = HeaderValues.createCached(
            HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS,
            "Accept-Ranges, Content-Disposition, Content-Range, ETag, Idempotent-Replayed, Link, Location,"
                    + " Natter-Epoch, Natter-Seq, Natter-User-Seq, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id");
    private static final Header METHODS =
            HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PUT, PATCH, DELETE");
    private static final Header REQUEST_HEADERS = HeaderValues.createCached(
            HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
            "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Range, X-Request-Id");
    private static final Header MAX_AGE = HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_MAX_AGE, "7200");

    private final Set<String> origins;

    Cors(List<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    /** What every answer to such a request says. */
    List<Header> headers(Headers request) {
        String origin = request.first(HeaderNames.ORIGIN).orElse(null);
        return origin == null || !origins.contains(origin)
                ? List.of(VARY)
                : List.of(
                        VARY,
                        HeaderValues.create(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin),
                        CREDENTIALS,
                        EXPOSED);
    }

    static boolean isPreflight(ServerRequest request) {
        return request.prologue().method().equals(Method.OPTIONS)
                && request.headers().contains(HeaderNames.ORIGIN)
                && request.headers().contains(REQUEST_METHOD);
    }

    void preflight(ServerRequest request, ServerResponse response) {
        if (!origins.contains(request.headers().first(HeaderNames.ORIGIN).orElse(""))) {
            Problem.of(403, "forbidden", "Pages of this origin may not call.").send(response);
            return;
        }
        response.header(METHODS)
                .header(REQUEST_HEADERS)
                .header(MAX_AGE)
                .status(Status.NO_CONTENT_204)
                .send();
    }
}
