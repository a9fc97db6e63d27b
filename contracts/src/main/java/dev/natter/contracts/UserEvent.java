package dev.natter.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import java.time.Instant;
import java.util.UUID;

/** What happened to a user; published by auth-service, ordered by {@code version} within a user. */
@JsonTypeInfo(
        use = JsonTypeInfo.Id.NAME,
        include = As.PROPERTY,
        property = "type",
        defaultImpl = UserEvent.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = UserEvent.Registered.class, name = "user_registered"),
    @JsonSubTypes.Type(value = UserEvent.Updated.class, name = "user_updated"),
    @JsonSubTypes.Type(value = UserEvent.SessionEnded.class, name = "session_ended")
})
public sealed interface UserEvent {
    /**
     * A user registered.
     *
     * @param version the user's own version, 1
     * @param id the event's name, the same however often it is published
     * @param at when it was committed
     * @param user the user
     */
    record Registered(long version, String id, Instant at, User user) implements UserEvent {}

    /**
     * A user's profile changed.
     *
     * @param version the user's own version
     * @param id the event's name
     * @param at when it was committed
     * @param user the user as they are now
     */
    record Updated(long version, String id, Instant at, User user) implements UserEvent {}

    /**
     * A session was ended before its time: by logging out, from another device, or because a stolen refresh token was
     * presented. Access tokens of it are no longer to be believed.
     *
     * @param version the user's own version, which this doesn't raise
     * @param id the event's name
     * @param at when it was committed
     * @param userId whose
     * @param sessionId the session
     */
    record SessionEnded(long version, String id, Instant at, UUID userId, String sessionId) implements UserEvent {}

    /** A kind of event that this version doesn't know. */
    record Unknown() implements UserEvent {}
}
