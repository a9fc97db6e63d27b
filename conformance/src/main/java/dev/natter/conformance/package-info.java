/**
 * The rule that a client lives by, as code: what it keeps, and what it does with each frame and each answer. It is
 * written to be read by those who write a client in another language, so it stands on a JSON parser alone, takes ids as
 * opaque, and reads only what the contract promises.
 *
 * <p><b>A chat is a log.</b> Every change of it (a message sent, edited, deleted, given files) has a number,
 * {@code seq}, one higher than the one before. For each chat a client keeps {@code local}, the last number that it
 * applied ({@link dev.natter.conformance.Timeline}). A change comes with its number and with {@code prev}, the number
 * that its reader must have reached: {@code seq <= local} is old and dropped; {@code prev <= local < seq} is applied;
 * and {@code prev > local} shows a hole, so the client asks for the rest, {@code join_chat} with {@code since: local}.
 * A replay tells final states only: what was sent at 5 and edited at 9 comes once, as 9, and {@code prev} lets it pass.
 *
 * <p><b>A message is known by its id, and the higher {@code changed_seq} wins.</b> So a page of history, a replay and
 * live frames may come in any order and overlap.
 *
 * <p><b>A number belongs to a data set</b>, its {@code epoch}. A client sends with each {@code since} the epoch that it
 * learned the number in; after a restore from backup the server answers {@code resync_required}, and the client loads
 * the chat again.
 *
 * <p><b>The list of chats is a log too</b>, the user's box, with the same rule over {@code user_seq} and
 * {@code user_prev}; a hole in it is filled by {@code GET /api/chats?changed_since=local}
 * ({@link dev.natter.conformance.Box}).
 *
 * <p>{@link dev.natter.conformance.ClientState} is the door: frames and answers in,
 * {@link dev.natter.conformance.Step}s out. A step says what became of the frame and what the client is to send or
 * fetch now. Nothing here knows sockets, clocks or threads: one thread at a time may use a state.
 */
package dev.natter.conformance;
