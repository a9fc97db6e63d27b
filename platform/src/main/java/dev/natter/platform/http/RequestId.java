package dev.natter.platform.http;

/**
 * The id of the request that this thread is working for; it travels in {@code X-Request-Id}, through NATS, and into
 * every log line.
 */
public final class RequestId {
    private RequestId() {}

    /**
     * The current id.
     *
     * @return the id, or null outside of a request
     */
    public static String current() {
        throw new UnsupportedOperationException("skeleton");
    }
}
