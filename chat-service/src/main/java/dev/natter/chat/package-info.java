/**
 * chat-service: chats and who is in them.
 *
 * <p><b>Idea.</b> A chat here is a row with members; its timeline is message-service's. Lists of chats are ordered by a
 * replica of each timeline's newest message, and shown with message-service's exact answer, asked once a page.
 *
 * <p><b>Invariants.</b> Any two users have at most one direct chat. A chat, its members, the stored answer to the
 * request and the event that tells of them are written in one transaction. So is each later change, under the chat's
 * lock, with its number in the box of everyone it concerns; locks are taken in one order: the chat, then boxes by their
 * users' ids. A head only moves forward, whatever the order of events.
 *
 * <p><b>Threads.</b> Requests block, each on its own virtual thread; one consumer applies events, in batches; one
 * thread tells members of activity, and nobody waits for it. No neighbour is asked while a transaction is open.
 */
package dev.natter.chat;
