/**
 * The transactional outbox: from a commit to the stream, without loss.
 *
 * <p>Idea: what a transaction says, it says in rows of its own: an {@link dev.natter.platform.bus.Envelope} each, with
 * all events of one kind that follow one another. After the commit a row is published at once and marked when JetStream
 * acknowledges. Marked rows are kept for longer than JetStream takes to flush, since it acknowledges before it does;
 * unmarked rows are the relay's work.
 *
 * <p>Invariant: an event whose transaction committed is published at least once, under the same {@code Nats-Msg-Id}
 * each time, for as long as its row exists; a row is deleted only after its mark has outlived the retention and no sign
 * of loss has taken the mark back. Signs of loss: the stream was made anew, its last sequence is lower than what it
 * acknowledged, the server was started again. No outage of NATS fails or slows a commit.
 *
 * <p>Order: the events of an aggregate that one process publishes go out in the order of their commits: each takes its
 * turn under the aggregate's lock, or earlier, if it writes only where nobody else has meanwhile. What a crash has left
 * goes out before anything new; after any other trouble the relay publishes by id, and the direct path stays silent
 * until nothing is left that it would overtake. Between processes events may still arrive repeated or late: consumers
 * order by {@code seq}.
 *
 * <p>Threads: {@code commit} from any thread; one publishes for those who don't wait for it, one marks, one relays.
 */
package dev.natter.platform.outbox;
