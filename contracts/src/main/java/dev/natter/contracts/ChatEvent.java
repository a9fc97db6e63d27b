package dev.natter.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What happened to a chat as such; published by chat-service, ordered by {@code version} within a chat. */
@JsonTypeInfo(
        use = JsonTypeInfo.Id.NAME,
        include = As.PROPERTY,
        property = "type",
        defaultImpl = ChatEvent.Unknown.class)
@JsonSubTypes({@JsonSubTypes.Type(value = ChatEvent.Created.class, name = "chat_created")})
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
     */
    record Created(
            UUID chatId,
            long version,
            String id,
            Instant at,
            Chat.Type chatType,
            String title,
            List<Chat.Member> members)
            implements ChatEvent {}

    /** A kind of event that this version doesn't know. */
    record Unknown() implements ChatEvent {}
}
