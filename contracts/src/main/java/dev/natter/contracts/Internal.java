package dev.natter.contracts;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What services ask each other over the internal listener. Paths:
 *
 * <ul>
 *   <li>auth-service {@code POST /internal/users/known}: {@link UserIds} → {@link UserIds}, those of them that exist
 *   <li>chat-service {@code GET /internal/chats/{chat_id}/members} → {@link Membership}, or 404
 *   <li>message-service {@code GET /internal/dataset} → {@link Dataset}
 *   <li>message-service {@code GET /internal/chats/{chat_id}/head?user_id=} → {@link Head}, or 404 for one who isn't a
 *       member
 *   <li>message-service {@code GET /internal/chats/{chat_id}/changes?since=&limit=} → {@link Changes}
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
     * Where a chat's log stands.
     *
     * @param chatId the chat
     * @param seq the number of its latest change, 0 while there is none
     * @param epoch the data set
     */
    public record Head(UUID chatId, long seq, String epoch) {}

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
