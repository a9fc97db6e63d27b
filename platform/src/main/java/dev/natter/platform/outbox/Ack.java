package dev.natter.platform.outbox;

/**
 * JetStream has an event.
 *
 * @param id the event's row
 * @param streamSeq where JetStream put it
 */
record Ack(long id, long streamSeq) {}
