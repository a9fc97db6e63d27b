package dev.natter.platform.bus;

import dev.natter.platform.http.RequestId;

/**
 * An event on its way to JetStream.
 *
 * @param subject where to
 * @param id the event's name: its {@code Nats-Msg-Id}, the same however often it is published
 * @param seq the number that consumers order by within the aggregate; travels in the header {@code Natter-Seq}
 * @param payload UTF-8 JSON, in its final form
 * @param requestId the request that caused it; travels in the header {@code X-Request-Id}; may be null
 */
public record Outgoing(String subject, String id, long seq, byte[] payload, String requestId) {
    /**
     * An event of the current request.
     *
     * @param subject where to
     * @param id the event's name
     * @param seq the number that consumers order by
     * @param payload UTF-8 JSON
     */
    public Outgoing(String subject, String id, long seq, byte[] payload) {
        this(subject, id, seq, payload, RequestId.current());
    }
}
