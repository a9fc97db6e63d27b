package dev.natter.platform.bus;

/**
 * An event as it arrived.
 *
 * @param subject where it was published
 * @param id the event's name, or null if it has none
 * @param seq the number to order by within the aggregate, 0 if it has none
 * @param payload UTF-8 JSON
 * @param requestId the request that caused it, or null
 */
public record Delivery(String subject, String id, long seq, byte[] payload, String requestId) {}
