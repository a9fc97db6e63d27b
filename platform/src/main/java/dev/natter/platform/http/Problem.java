package dev.natter.platform.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An error as RFC 9457 describes it: the one form in which Natter says no, over HTTP as
 * {@code application/problem+json} and over WebSocket as an {@code error} frame.
 *
 * @param status the HTTP status
 * @param code stable and machine-readable, in {@code snake_case}
 * @param detail one sentence for a human; never a stack trace, never SQL
 * @param retryable whether the same request may succeed later
 * @param retryAfter how long to wait before trying again, or null
 * @param errors what is wrong with which field; empty unless this is a validation problem
 */
public record Problem(
        int status, String code, String detail, boolean retryable, Duration retryAfter, List<FieldError> errors) {
    private static final Header CONTENT_TYPE =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/problem+json");
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    private static final Header CHALLENGE =
            HeaderValues.createCached(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"natter\"");

    /**
     * What is wrong with one field.
     *
     * @param field its name in the request
     * @param code stable and machine-readable
     * @param message one sentence for a human
     */
    public record FieldError(String field, String code, String message) {}

    public Problem {
        errors = List.copyOf(errors);
    }

    /**
     * A problem that the same request will always meet.
     *
     * @param status the HTTP status
     * @param code its stable code
     * @param detail one sentence
     * @return the problem
     */
    public static Problem of(int status, String code, String detail) {
        return new Problem(status, code, detail, false, null, List.of());
    }

    /**
     * 400: the request can't be understood.
     *
     * @param detail why
     * @return the problem
     */
    public static Problem malformed(String detail) {
        return of(400, "malformed", detail);
    }

    /**
     * 404: absent, or not visible to the caller, which is the same to them.
     *
     * @param what the kind of thing, as in "chat"
     * @return the problem
     */
    public static Problem notFound(String what) {
        return of(404, "not_found", "There is no such " + what + ".");
    }

    /**
     * 422: understood, but some fields break a rule.
     *
     * @param errors the fields; at least one
     * @return the problem
     */
    public static Problem invalid(List<FieldError> errors) {
        return new Problem(422, "validation_failed", errors.getFirst().message(), false, null, errors);
    }

    /**
     * 503: can't be done now, can be done soon.
     *
     * @param detail what is missing, in the client's terms
     * @return the problem
     */
    public static Problem unavailable(String detail) {
        return new Problem(503, "unavailable", detail, true, Duration.ofSeconds(1), List.of());
    }

    /**
     * Throws this problem at the client.
     *
     * @return never; typed so that a caller can write {@code throw problem.refuse()}
     */
    public Refused refuse() {
        return new Refused(this);
    }

    /**
     * Answers with this problem, beside the headers that were prepared.
     *
     * @param response the response
     */
    public void send(ServerResponse response) {
        Exchange exchange = Exchange.current();
        exchange.decorate(response);
        headers().forEach(response::header);
        byte[] body = json(exchange.requestId());
        response.status(Status.create(status));
        if (exchange.isHead()) {
            response.contentLength(body.length);
            response.send();
        } else {
            response.send(body);
        }
    }

    /** The headers that tell of this problem, apart from those of every answer. */
    List<Header> headers() {
        List<Header> headers = new ArrayList<>();
        headers.add(CONTENT_TYPE);
        headers.add(NO_STORE);
        if (retryAfter != null) {
            headers.add(HeaderValues.create(
                    HeaderNames.RETRY_AFTER, Math.max(1, Math.ceilDiv(retryAfter.toMillis(), 1_000L))));
        }
        if (status == 401) {
            headers.add(CHALLENGE);
        }
        return headers;
    }

    byte[] json(String requestId) {
        return Json.bytes(new Body(
                "https://natter.dev/problems/" + code,
                Status.create(status).reasonPhrase(),
                status,
                detail,
                code,
                retryable,
                requestId,
                errors));
    }

    /**
     * Understands what {@link #send} wrote.
     *
     * @param status the HTTP status
     * @param json the body
     * @param retryAfter the header {@code Retry-After}, or null
     * @return the problem, or empty if the body is none
     */
    static Optional<Problem> read(int status, byte[] json, String retryAfter) {
        Body body;
        try {
            body = Json.parse(json, Body.class);
        } catch (IllegalArgumentException noProblem) {
            return Optional.empty();
        }
        if (body == null || body.code() == null || body.detail() == null) {
            return Optional.empty();
        }
        Duration wait = retryAfter != null && retryAfter.matches("[0-9]{1,9}")
                ? Duration.ofSeconds(Long.parseLong(retryAfter))
                : null;
        List<FieldError> errors = body.errors() == null ? List.of() : body.errors();
        return Optional.of(new Problem(status, body.code(), body.detail(), body.retryable(), wait, errors));
    }

    private record Body(
            String type,
            String title,
            int status,
            String detail,
            String code,
            boolean retryable,
            String requestId,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors) {}
}
