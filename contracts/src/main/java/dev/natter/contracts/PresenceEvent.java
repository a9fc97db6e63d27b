package dev.natter.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What gateways tell each other about who is online; kept by no stream. */
@JsonTypeInfo(
        use = JsonTypeInfo.Id.NAME,
        include = As.PROPERTY,
        property = "type",
        defaultImpl = PresenceEvent.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = PresenceEvent.Attendance.class, name = "attendance"),
    @JsonSubTypes.Type(value = PresenceEvent.Asked.class, name = "attendance_asked"),
    @JsonSubTypes.Type(value = PresenceEvent.Answered.class, name = "attendance_answered")
})
public sealed interface PresenceEvent {
    /**
     * Who has come to a gateway's sockets since it last told, and who has gone. Told at least every few seconds, also
     * when there is nothing to tell: a gateway that falls silent is dead, and nobody is there any more.
     *
     * @param gateway which; a gateway that starts again is another one
     * @param number counts what it has told, from 1: who sees a hole asks
     * @param closing whether it is about to stop, and tells no more
     * @param online who has come
     * @param offline who has gone, and when
     */
    record Attendance(String gateway, long number, boolean closing, List<UUID> online, Map<UUID, Instant> offline)
            implements PresenceEvent {}

    /**
     * A gateway asks others who of some users is there.
     *
     * @param gateway which asks, and wants the answer
     * @param question the question's number
     * @param userIds of whom it wants to know
     */
    record Asked(String gateway, long question, List<UUID> userIds) implements PresenceEvent {}

    /**
     * A gateway answers.
     *
     * @param gateway which answers
     * @param question to which question
     * @param number the number of what it told last: all of that is in the answer
     * @param online who of those asked for is there
     * @param offline who isn't, but was: since when
     */
    record Answered(String gateway, long question, long number, List<UUID> online, Map<UUID, Instant> offline)
            implements PresenceEvent {}

    /** A kind of event that this version doesn't know. */
    record Unknown() implements PresenceEvent {}
}
