/**
 * Realtime gateway: brings the changes of chats to the sockets that watch them.
 *
 * <p><b>Idea.</b> Each watched chat has a {@link dev.natter.realtime.Room}; its {@link dev.natter.realtime.ChatFeed}
 * turns what NATS brings into the chat's numbers in order, each once, and fills holes from the log of message-service.
 * A change is made into a {@link dev.natter.realtime.Frame} once and queued to the {@link dev.natter.realtime.Outbound}
 * of every socket in the room. {@link dev.natter.realtime.Recent} keeps what changes left behind, for those who come
 * back. Each connected user has a {@link dev.natter.realtime.Box} under the same rule, for what happens to their chats
 * as such. {@link dev.natter.realtime.Guard} checks all of it after a time without NATS.
 *
 * <p><b>Invariant.</b> A socket that was told {@code joined_chat} with some number is queued every change after it, in
 * order, none twice, until it leaves or is closed. What can't be queued closes the socket; nothing is left out
 * silently. A seat is given only under a membership that no removal which was heard of contradicts
 * ({@link dev.natter.realtime.Membership}), and taken away when one arrives.
 *
 * <p><b>Threads.</b> One virtual thread per {@link dev.natter.realtime.Socket} reads and answers. NATS delivers to
 * rooms, under whose lock nothing blocks; {@link dev.natter.realtime.Fanout} writes.
 * {@link dev.natter.realtime.Heartbeat} is the only clock.
 *
 * <p><b>Life of a socket.</b> {@link dev.natter.realtime.Upgrader} finds the {@link dev.natter.realtime.Handshake},
 * which admits it; {@link dev.natter.realtime.Conversation} answers its frames until its connection ends, for whatever
 * reason, in {@link dev.natter.realtime.Socket#handle}.
 */
package dev.natter.realtime;
