package dev.natter.contracts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What services ask each other over the internal listener. Paths:
 *
 * <ul>
 *   <li>auth-service {@code POST /internal/users/known}: {@link UserIds} → {@link UserIds}, those of them that exist
 *   <li>auth-service {@code POST /internal/tickets/redeem}: {@link Ticket} → {@link TicketHolder}, or 404 for one that
 *       is spent, expired or was never given
 *   <li>auth-service {@code POST /internal/sessions/alive}: {@link SessionIds} → {@link SessionIds}, those of them that
 *       have not ended
 *   <li>chat-service {@code GET /internal/chats/{chat_id}/members} → {@link Membership}, or 404
 *   <li>chat-service {@code POST /internal/seats}: {@link Seats} → {@link Seats}, those of them that are taken
 *   <li>chat-service {@code GET /internal/users/{user_id}/chats} → {@link ChatIds}, the latest active first
 *   <li>chat-service {@code POST /internal/users/{user_id}/acquaintances}: {@link UserIds} → {@link UserIds}, those of
 *       them who share a chat with the user
 *   <li>chat-service {@code POST /internal/circles}: {@link CirclesQuery} → {@link Circles}
 *   <li>chat-service {@code POST /internal/boxes}: {@link UserIds} → {@link Boxes}
 *   <li>chat-service {@code GET /internal/users/{user_id}/box?since=&limit=} → {@link Box}
 *   <li>message-service {@code GET /internal/dataset} → {@link Dataset}
 *   <li>message-service {@code POST /internal/heads}: {@link Seats}, at most 500 → {@link Heads}, of those of them that
 *       are taken
 *   <li>message-service {@code GET /internal/chats/{chat_id}/changes?since=&limit=} → {@link Changes}
 *   <li>message-service {@code POST /internal/chats/{chat_id}/messages?user_id=}: the body of the public {@code POST} →
 *       {@link MessageSent}; refuses as that does
 *   <li>message-service {@code POST /internal/chats/{chat_id}/read?user_id=}: {@link Mark} → {@link Standing}; refuses
 *       as the public one does
 *   <li>message-service {@code GET /internal/messages/{message_id}?user_id=} → {@link Message}, or 404 for one who
 *       isn't a member
 *   <li>message-service {@code POST /internal/chats/states}: {@link StatesQuery} → {@link States}
 * </ul>
 */
public final class Internal {
    private Internal() {}

    /**
     * Some users.
     *
     * @param ids their ids
     */
    public record UserIds(Set<UUID> ids) {}

    /**
     * Some sessions.
     *
     * @param ids their ids
     */
    public record SessionIds(Set<String> ids) {}

    /**
     * Everyone in a chat.
     *
     * @param chatId the chat
     * @param version the chat's version that this is true for
     * @param members its members
     */
    public record Membership(UUID chatId, long version, List<Chat.Member> members) {}

    /**
     * Which data set the timelines belong to.
     *
     * @param epoch its name; a restore from backup changes it
     */
    public record Dataset(String epoch) {}

    /**
     * A place in a chat.
     *
     * @param chatId the chat
     * @param userId whose place
     */
    public record Seat(UUID chatId, UUID userId) {}

    /**
     * Some places.
     *
     * @param seats the places
     */
    public record Seats(List<Seat> seats) {}

    /**
     * Where the logs of some chats stand.
     *
     * @param epoch the data set
     * @param heads one for each place that is taken; the others are missing
     * @param unsure places of which it can't be told now whether they are taken: to be asked again
     */
    public record Heads(String epoch, List<Head> heads, List<Seat> unsure) {
        /**
         * Where the logs stand, all places being known.
         *
         * @param epoch the data set
         * @param heads one for each place that is taken
         */
        public Heads(String epoch, List<Head> heads) {
            this(epoch, heads, List.of());
        }
    }

    /**
     * Where a chat's log stands, for one of its members.
     *
     * @param chatId the chat
     * @param userId the member
     * @param seq the number of its latest change, 0 while there is none
     * @param membersVersion the chat's version that the membership is true for
     */
    public record Head(UUID chatId, UUID userId, long seq, long membersVersion) {}

    /**
     * Some chats.
     *
     * @param ids their ids
     */
    public record ChatIds(List<UUID> ids) {}

    /**
     * Asks who is in some chats, if they are small.
     *
     * @param chatIds the chats
     * @param most how many members a chat may have at most to be of interest
     */
    public record CirclesQuery(List<UUID> chatIds, int most) {}

    /**
     * Who is in some chats.
     *
     * @param circles one for each that exists and is small enough; the others are missing
     */
    public record Circles(List<Circle> circles) {}

    /**
     * Who is in a small chat.
     *
     * @param chatId the chat
     * @param version the chat's version that this is true for
     * @param userIds its members
     */
    public record Circle(UUID chatId, long version, Set<UUID> userIds) {}

    /**
     * Where the boxes of some users stand.
     *
     * @param seqs the number of the latest entry in each, 0 while there is none
     */
    public record Boxes(Map<UUID, Long> seqs) {}

    /**
     * What changed in a user's box after some number: final states, by {@code user_seq}.
     *
     * @param userId the user
     * @param userSeq the number that the box stood at
     * @param entries each chat that changed, once
     * @param more whether there are more than the limit let through
     */
    public record Box(UUID userId, long userSeq, List<BoxEntry> entries, boolean more) {}

    /**
     * How a chat stands in a user's box.
     *
     * @param chatId the chat
     * @param userSeq the number of its latest change in the box
     * @param joinedSeq the number at which the user came in, the last time
     * @param version the chat's version
     * @param at when that change was
     * @param chatType direct or group; null for a chat that the user is not in any more, as is all that follows
     * @param title a group's title, or null
     * @param members the first members, by arrival
     * @param memberCount how many there are in all
     */
    public record BoxEntry(
            UUID chatId,
            long userSeq,
            long joinedSeq,
            long version,
            Instant at,
            Chat.Type chatType,
            String title,
            List<Chat.Member> members,
            int memberCount) {}

    /**
     * Lets a socket in once.
     *
     * @param ticket the ticket
     */
    public record Ticket(String ticket) {}

    /**
     * Whom a ticket was given to.
     *
     * @param userId the user
     * @param sessionId the session
     * @param expiresAt when the access token expires that the ticket was asked with
     */
    public record TicketHolder(UUID userId, String sessionId, Instant expiresAt) {}

    /**
     * A message is in the log.
     *
     * @param message the message as it is now
     * @param replayed whether an earlier send of the same name put it there
     */
    public record MessageSent(Message message, boolean replayed) {}

    /**
     * How far someone has read.
     *
     * @param seq the number of the last change that they have seen
     */
    public record Mark(long seq) {}

    /**
     * How a chat stands for a reader.
     *
     * @param chatId the chat
     * @param lastReadSeq up to where they have read
     * @param unreadCount messages of others above it, counted to 1,000
     */
    public record Standing(UUID chatId, long lastReadSeq, int unreadCount) {}

    /**
     * What changed in a chat after some number: current states, by {@code changed_seq}.
     *
     * @param chatId the chat
     * @param seq the number that the log stood at
     * @param epoch the data set
     * @param messages every message that changed, in order
     * @param more whether there are more than the limit let through
     */
    public record Changes(UUID chatId, long seq, String epoch, List<Message> messages, boolean more) {}

    /**
     * Asks how some chats stand for a user.
     *
     * @param userId the user
     * @param chatIds the chats
     */
    public record StatesQuery(UUID userId, List<UUID> chatIds) {}

    /**
     * How chats stand for a user.
     *
     * @param epoch the data set
     * @param states one for each chat that was asked for
     */
    public record States(String epoch, List<State> states) {}

    /**
     * How a chat stands for a user.
     *
     * @param chatId the chat
     * @param seq the number of its latest change, 0 while there is none
     * @param lastMessage the newest message, or null while there is none
     * @param lastReadSeq up to where the user has read
     * @param unreadCount messages of others above it, counted to 1,000
     */
    public record State(UUID chatId, long seq, Message lastMessage, long lastReadSeq, int unreadCount) {}
}
