package dev.natter.platform.bus;

/**
 * An event as it arrived.
 *
 * @param subject where it was published
 * @param id the event's name, or null if it has none
 * @param seq the number to order by within the aggregate, 0 if it has none
 * @param payload UTF-8 JSON
 * @param cause what caused it; null if nobody knows
 */
public record Delivery(String subject, String id, long seq, byte[] payload, Cause cause) {
    /** Knows a cause, if only that it isn't known. */
    public Delivery {
        cause = cause == null ? Cause.UNKNOWN : cause;
    }
}
