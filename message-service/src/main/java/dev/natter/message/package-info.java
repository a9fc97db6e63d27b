/**
 * message-service: the timelines.
 *
 * <p><b>The idea.</b> Every chat is a log. Each change of its timeline takes the next value of one counter,
 * {@code seq}, without gaps, and a message remembers both where it was created and where it last changed. History,
 * catching up, unread counts and the order of live events are then comparisons of integers.
 *
 * <p><b>The invariants.</b> {@code seq} comes from {@code chat_head}, locked by the transaction that writes the change,
 * so it rises in the order of the commits. A change, its number and its event are committed together or not at all. A
 * send with a {@code client_id} is in the log at most once. What was answered is committed.
 *
 * <p><b>Who may.</b> {@link dev.natter.message.Members} answers from a replica that {@link dev.natter.message.Roll}
 * writes, and asks chat-service by way of {@link dev.natter.message.Inquiry} about whoever isn't in it.
 * {@link dev.natter.message.Upkeep} learns what is missing and takes away what deleted chats leave behind.
 *
 * <p><b>The path of a change.</b> {@link dev.natter.message.MessageApi} reads it,
 * {@link dev.natter.message.CommitLanes} gathers what waits, {@link dev.natter.message.Timeline} loads what a batch
 * touches and writes what it changed, {@link dev.natter.message.Batch} decides in between, without I/O. For plain sends
 * {@link dev.natter.message.ShortWay} guesses what would be loaded, and finds out while it writes.
 * {@link dev.natter.message.History} reads; {@link dev.natter.message.Unreads} counts, and
 * {@link dev.natter.message.Tidings} tells who has read.
 *
 * <p><b>Threads.</b> A request waits on its own virtual thread; each lane is one virtual thread that alone writes its
 * chats' changes here. Other instances may write the same chats: the lock on {@code chat_head} orders them.
 */
package dev.natter.message;
