package dev.natter.platform.outbox;

import dev.natter.platform.bus.Outgoing;

/**
 * An event with its place in the outbox.
 *
 * @param id the row's id; ids of one aggregate rise in the order of their commits
 * @param event the event
 */
record Row(long id, Outgoing event) {}
