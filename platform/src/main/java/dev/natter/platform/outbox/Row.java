package dev.natter.platform.outbox;

import dev.natter.platform.bus.Envelope;

/**
 * Events that were committed together, with their place in the outbox.
 *
 * @param id the row's id; ids of one aggregate rise in the order of their commits
 * @param envelope the events
 */
record Row(long id, Envelope envelope) {}
