package dev.natter.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import java.util.UUID;

/** What is true only now; told to gateways and kept by no stream. */
@JsonTypeInfo(
        use = JsonTypeInfo.Id.NAME,
        include = As.PROPERTY,
        property = "type",
        defaultImpl = LiveEvent.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = LiveEvent.Typing.class, name = "typing"),
    @JsonSubTypes.Type(value = LiveEvent.MessageRead.class, name = "message_read"),
    @JsonSubTypes.Type(value = LiveEvent.Unread.class, name = "unread"),
    @JsonSubTypes.Type(value = LiveEvent.ChatActivity.class, name = "chat_activity")
})
public sealed interface LiveEvent {
    /**
     * Someone is typing, or has stopped; also, byte for byte, the frame that clients get.
     *
     * @param chatId where
     * @param userId who
     * @param isTyping whether they are
     */
    record Typing(UUID chatId, UUID userId, boolean isTyping) implements LiveEvent {}

    /**
     * Someone has read on; also, byte for byte, the frame that clients get.
     *
     * @param chatId where
     * @param userId who
     * @param seq up to where they have read now
     */
    record MessageRead(UUID chatId, UUID userId, long seq) implements LiveEvent {}

    /**
     * How a chat stands for a user who has read, or unread, on one of their devices; also, byte for byte, the frame
     * that all their devices get.
     *
     * @param chatId the chat
     * @param unreadCount messages of others above {@code lastReadSeq}, counted to 1,000
     * @param lastReadSeq up to where they have read
     * @param total the sum of the counts of all their chats
     */
    record Unread(UUID chatId, int unreadCount, long lastReadSeq, long total) implements LiveEvent {}

    /**
     * A chat has a new message; told to each member, who may not have joined the chat. Told seldom enough to be cheap,
     * with the latest state. Clients get it with their own {@code user_seq}.
     *
     * @param chatId the chat
     * @param seq the number of its latest change
     * @param lastMessage the newest message
     */
    record ChatActivity(UUID chatId, long seq, Message lastMessage) implements LiveEvent {}

    /** A kind of event that this version doesn't know. */
    record Unknown() implements LiveEvent {}
}
