package dev.natter.conformance;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A message as a client holds it.
 *
 * @param id its name; opaque
 * @param seq the number it was created at, by which messages are shown in order; null for one that the client only ever
 *     heard to be deleted, and that is therefore not shown
 * @param changedSeq the number it last changed at; of two states the one with the higher is the newer
 * @param senderId who sent it, or null like {@code seq}
 * @param content its text; null once deleted
 * @param files the ids of its files, in order
 * @param edited whether its text was ever edited; nothing is told of that once it is deleted
 * @param deleted whether it was deleted
 */
public record Message(
        String id,
        Long seq,
        long changedSeq,
        String senderId,
        String content,
        List<String> files,
        boolean edited,
        boolean deleted) {

    public Message {
        files = List.copyOf(files);
    }

    /** Reads the message of a frame, or of an answer. */
    static Message of(JsonNode json) {
        var files = new ArrayList<String>();
        json.path("files").forEach(file -> files.add(file.path("id").asString()));
        boolean deleted = json.path("deleted_at").isString();
        return new Message(
                json.path("id").asString(),
                json.path("seq").asLong(),
                json.path("changed_seq").asLong(),
                json.path("sender_id").asString(null),
                json.path("content").asString(null),
                files,
                json.path("edited_at").isString() && !deleted,
                deleted);
    }

    /** What is known of a message from its deletion alone. */
    static Message deleted(String id, long changedSeq) {
        return new Message(id, null, changedSeq, null, null, List.of(), false, true);
    }

    /** The newer of two states of one message. */
    static Message newer(Message held, Message told) {
        Message newer = told.changedSeq > held.changedSeq ? told : held;
        Message other = newer == told ? held : told;
        return newer.seq != null || other.seq == null ? newer : newer.as(other.seq, other.senderId);
    }

    private Message as(Long number, String sender) {
        return new Message(id, number, changedSeq, sender, content, files, edited, deleted);
    }
}
