package dev.natter.platform.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON in and out: {@code snake_case}, times as RFC 3339 UTC with milliseconds, nulls written. Strict on the way in: a
 * number where a text is expected is an error, not a guess; unknown fields are ignored.
 */
public final class Json {
    private Json() {}

    /**
     * The mapper, for those who stream.
     *
     * @return the one mapper; immutable
     */
    public static JsonMapper mapper() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Writes a value.
     *
     * @param value a record of the contracts, or null
     * @return UTF-8 JSON
     */
    public static byte[] bytes(Object value) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Reads what another service or the database wrote.
     *
     * @param json UTF-8 JSON
     * @param type what it is
     * @return the value
     * @throws IllegalArgumentException if it isn't that
     */
    public static <T> T parse(byte[] json, Class<T> type) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Reads what a client wrote: at most 64 KiB.
     *
     * @param bytes the body or frame
     * @param type a request record, which validates itself
     * @return the value
     * @throws Refused 400 if it isn't JSON of that shape, 422 if the record refuses it
     */
    public static <T> T fromClient(byte[] bytes, Class<T> type) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Reads the body of a request.
     *
     * @param request the request
     * @param type a request record, which validates itself
     * @return the value
     * @throws Refused 413 over 64 KiB, 415 if it isn't {@code application/json}, else as {@link #fromClient}
     */
    public static <T> T read(ServerRequest request, Class<T> type) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Answers with a value.
     *
     * @param response the response
     * @param status its status
     * @param body what to write
     */
    public static void send(ServerResponse response, Status status, Object body) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Answers with JSON that is bytes already.
     *
     * @param response the response
     * @param status its status
     * @param json UTF-8 JSON
     */
    public static void send(ServerResponse response, Status status, byte[] json) {
        throw new UnsupportedOperationException("skeleton");
    }
}
