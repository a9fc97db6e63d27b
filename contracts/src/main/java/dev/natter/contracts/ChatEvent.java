package dev.natter.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What happened to a chat as such; published by chat-service, ordered by {@code version} within a chat.
 *
 * <p>Each is also an entry in the box of everyone it concerns: {@code user_seqs} names them, with the number that it
 * has in their box. To be dense, boxes are counted in the transaction that changes the chat.
 */
@JsonTypeInfo(
        use = JsonTypeInfo.Id.NAME,
        include = As.PROPERTY,
        property = "type",
        defaultImpl = ChatEvent.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = ChatEvent.Created.class, name = "chat_created"),
    @JsonSubTypes.Type(value = ChatEvent.Updated.class, name = "chat_updated"),
    @JsonSubTypes.Type(value = ChatEvent.Deleted.class, name = "chat_deleted"),
    @JsonSubTypes.Type(value = ChatEvent.MemberAdded.class, name = "member_added"),
    @JsonSubTypes.Type(value = ChatEvent.MemberUpdated.class, name = "member_updated"),
    @JsonSubTypes.Type(value = ChatEvent.MemberRemoved.class, name = "member_removed")
})
public sealed interface ChatEvent {
    /**
     * A chat was created.
     *
     * @param chatId the chat
     * @param version the chat's own version, from 1
     * @param id the event's name, the same however often it is published
     * @param at when it was committed
     * @param chatType direct or group
     * @param title a group's title, or null
     * @param members everyone in it
     * @param userSeqs its number in each member's box
     */
    record Created(
            UUID chatId,
            long version,
            String id,
            Instant at,
            Chat.Type chatType,
            String title,
            List<Chat.Member> members,
            Map<UUID, Long> userSeqs)
            implements ChatEvent {}

    /**
     * A chat's own properties changed.
     *
     * @param chatId the chat
     * @param version the chat's own version
     * @param id the event's name
     * @param at when it was committed
     * @param title its title as it is now, or null
     * @param by who changed it
     * @param userSeqs its number in each member's box
     */
    record Updated(UUID chatId, long version, String id, Instant at, String title, UUID by, Map<UUID, Long> userSeqs)
            implements ChatEvent {}

    /**
     * A chat was deleted, and nobody is in it any more.
     *
     * @param chatId the chat
     * @param version the chat's own version, its last
     * @param id the event's name
     * @param at when it was committed
     * @param by who deleted it
     * @param userSeqs its number in the box of each who was a member
     */
    record Deleted(UUID chatId, long version, String id, Instant at, UUID by, Map<UUID, Long> userSeqs)
            implements ChatEvent {}

    /**
     * Members arrived.
     *
     * @param chatId the chat
     * @param version the chat's own version
     * @param id the event's name
     * @param at when it was committed
     * @param chatType direct or group
     * @param title a group's title, or null
     * @param members those who arrived
     * @param memberCount how many members there are now
     * @param by who let them in
     * @param userSeqs its number in each member's box, those who arrived included
     */
    record MemberAdded(
            UUID chatId,
            long version,
            String id,
            Instant at,
            Chat.Type chatType,
            String title,
            List<Chat.Member> members,
            int memberCount,
            UUID by,
            Map<UUID, Long> userSeqs)
            implements ChatEvent {}

    /**
     * A member may do more or less than before.
     *
     * @param chatId the chat
     * @param version the chat's own version
     * @param id the event's name
     * @param at when it was committed
     * @param member the member as they are now
     * @param by who changed it
     * @param userSeqs its number in each member's box
     */
    record MemberUpdated(
            UUID chatId, long version, String id, Instant at, Chat.Member member, UUID by, Map<UUID, Long> userSeqs)
            implements ChatEvent {}

    /**
     * A member left or was removed.
     *
     * @param chatId the chat
     * @param version the chat's own version
     * @param id the event's name
     * @param at when it was committed
     * @param userId who is out
     * @param memberCount how many members there are now
     * @param by who removed them; themselves if they left
     * @param userSeqs its number in the box of each member and of the one who is out
     */
    record MemberRemoved(
            UUID chatId,
            long version,
            String id,
            Instant at,
            UUID userId,
            int memberCount,
            UUID by,
            Map<UUID, Long> userSeqs)
            implements ChatEvent {}

    /** A kind of event that this version doesn't know. */
    record Unknown() implements ChatEvent {}
}
