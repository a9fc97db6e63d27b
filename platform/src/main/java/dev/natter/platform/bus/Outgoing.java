package dev.natter.platform.bus;

/**
 * An event on its way to JetStream.
 *
 * @param subject where to
 * @param id the event's name: its {@code Nats-Msg-Id}, the same however often it is published
 * @param seq the number that consumers order by within the aggregate; travels in the header {@code Natter-Seq}
 * @param payload UTF-8 JSON, in its final form
 * @param cause what caused it; travels in the headers {@code X-Request-Id} and {@code traceparent}; null if nobody
 *     knows
 */
public record Outgoing(String subject, String id, long seq, byte[] payload, Cause cause) {
    /** Knows a cause, if only that it isn't known. */
    public Outgoing {
        cause = cause == null ? Cause.UNKNOWN : cause;
    }

    /**
     * An event of the current request.
     *
     * @param subject where to
     * @param id the event's name
     * @param seq the number that consumers order by
     * @param payload UTF-8 JSON
     */
    public Outgoing(String subject, String id, long seq, byte[] payload) {
        this(subject, id, seq, payload, Cause.current());
    }
}
