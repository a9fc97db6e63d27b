package dev.natter.platform.outbox;

/**
 * JetStream has an envelope.
 *
 * @param id its row
 * @param streamSeq where JetStream put it
 */
record Ack(long id, long streamSeq) {}
