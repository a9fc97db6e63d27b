package dev.natter.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import java.util.UUID;

/** What is true only now; passed between gateways and kept by no stream. */
@JsonTypeInfo(
        use = JsonTypeInfo.Id.NAME,
        include = As.PROPERTY,
        property = "type",
        defaultImpl = LiveEvent.Unknown.class)
@JsonSubTypes({@JsonSubTypes.Type(value = LiveEvent.Typing.class, name = "typing")})
public sealed interface LiveEvent {
    /**
     * Someone is typing, or has stopped; also, byte for byte, the frame that clients get.
     *
     * @param chatId where
     * @param userId who
     * @param isTyping whether they are
     */
    record Typing(UUID chatId, UUID userId, boolean isTyping) implements LiveEvent {}

    /** A kind of event that this version doesn't know. */
    record Unknown() implements LiveEvent {}
}
