package dev.natter.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import java.time.Instant;
import java.util.UUID;

/**
 * What happened in a chat's timeline; published by message-service, ordered by {@code seq} within a chat. The JSON of
 * these events is also, byte for byte, the frame that clients get over WebSocket.
 */
@JsonTypeInfo(
        use = JsonTypeInfo.Id.NAME,
        include = As.PROPERTY,
        property = "type",
        defaultImpl = MessageEvent.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = MessageEvent.Created.class, name = "new_message"),
    @JsonSubTypes.Type(value = MessageEvent.Updated.class, name = "message_updated"),
    @JsonSubTypes.Type(value = MessageEvent.Deleted.class, name = "message_deleted")
})
public sealed interface MessageEvent {
    /**
     * A message was sent.
     *
     * @param chatId the chat
     * @param seq the chat's number of this change
     * @param prev the number before it: {@code seq - 1} when live
     * @param id the event's name, the same however often it is published
     * @param at when it was committed
     * @param message the message
     */
    record Created(UUID chatId, long seq, long prev, String id, Instant at, Message message) implements MessageEvent {}

    /**
     * A message was edited or got files.
     *
     * @param chatId the chat
     * @param seq the chat's number of this change
     * @param prev the number before it
     * @param id the event's name
     * @param at when it was committed
     * @param message the message as it is now
     */
    record Updated(UUID chatId, long seq, long prev, String id, Instant at, Message message) implements MessageEvent {}

    /**
     * A message was deleted.
     *
     * @param chatId the chat
     * @param seq the chat's number of this change
     * @param prev the number before it
     * @param id the event's name
     * @param at when it was committed
     * @param messageId the message that was
     */
    record Deleted(UUID chatId, long seq, long prev, String id, Instant at, MessageId messageId)
            implements MessageEvent {}

    /** A kind of event that this version doesn't know. */
    record Unknown() implements MessageEvent {}
}
