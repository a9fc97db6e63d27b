/**
 * NATS, behind one door.
 *
 * <p>Idea: JetStream carries what must arrive, to durable replicas, an {@link dev.natter.platform.bus.Envelope} for all
 * that one commit says of one kind; plain subscriptions carry the same events one by one to gateways as they pass by,
 * without any consumer; {@code tell} carries what is only true now. NATS is never the truth: a lost, repeated or late
 * message can't lose, repeat or reorder what a client sees, because everybody orders by
 * {@link dev.natter.platform.bus.Delivery#seq} and can ask the owner.
 *
 * <p>Invariant: whenever a subscription may have missed something, {@link dev.natter.platform.bus.Bus#onGap} tells, and
 * not before the server knows the subscription again. An event that a replica was given is acknowledged only after the
 * handler returned, so it is applied at least once.
 *
 * <p>Threads: plain subscriptions are called from a few dispatcher threads, each subscription always from the same one;
 * gaps from one virtual thread; each replica has one virtual thread. Nothing here blocks a publisher: what can't be
 * sent now fails at once.
 *
 * <p>Life cycle: {@code open} reads settings; {@code start} waits for the server; afterwards the connection heals
 * itself for ever; {@code close} flushes. Streams and consumers that somebody deleted are made again.
 *
 * <p>Only what NATS 2.9 offers is used.
 */
package dev.natter.platform.bus;
