package dev.natter.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeInfo.As;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What happened to files; published by media-service. */
@JsonTypeInfo(
        use = JsonTypeInfo.Id.NAME,
        include = As.PROPERTY,
        property = "type",
        defaultImpl = FileEvent.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = FileEvent.Attached.class, name = "files_attached"),
    @JsonSubTypes.Type(value = FileEvent.AvatarSet.class, name = "avatar_set")
})
public sealed interface FileEvent {
    /**
     * The sender of a message attached files to it. Applying it twice changes nothing: files are known by their ids.
     *
     * @param messageId the message
     * @param id the event's name, the same however often it is published
     * @param at when it was committed
     * @param userId who uploaded them
     * @param files the files, with plain paths as urls
     */
    record Attached(MessageId messageId, String id, Instant at, UUID userId, List<FileInfo> files)
            implements FileEvent {}

    /**
     * A user has a new avatar.
     *
     * @param userId whose
     * @param version the number of the user's avatar, counted from 1; a lower one than the last seen is old news
     * @param id the event's name
     * @param at when it was committed
     * @param url where the picture is
     */
    record AvatarSet(UUID userId, long version, String id, Instant at, String url) implements FileEvent {}

    /** A kind of event that this version doesn't know. */
    record Unknown() implements FileEvent {}
}
