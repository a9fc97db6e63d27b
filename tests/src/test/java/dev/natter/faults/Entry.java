package dev.natter.faults;

import dev.natter.conformance.Message;
import tools.jackson.databind.JsonNode;

/**
 * A message as the log has it, or as a client holds it.
 *
 * @param seq the number of its creation
 * @param changed the number of its latest change
 * @param text whether somebody said it, rather than the system
 * @param sender who said it
 * @param name its {@code client_id}
 * @param content null once deleted
 * @param edited whether it was edited
 * @param deleted whether it was deleted
 */
record Entry(
        long seq,
        long changed,
        boolean text,
        String sender,
        String name,
        String content,
        boolean edited,
        boolean deleted) {

    private static final int BRIEF = 30;

    static Entry of(JsonNode message) {
        return new Entry(
                message.path("seq").asLong(),
                message.path("changed_seq").asLong(),
                message.path("type").asString("").equals("text"),
                message.path("sender_id").asString(""),
                message.path("client_id").asString(""),
                message.path("content").isString() ? message.path("content").asString() : null,
                message.path("edited_at").isString(),
                message.path("deleted_at").isString());
    }

    /** As a client shows it. */
    static Entry of(Message message) {
        return new Entry(
                message.seq(),
                message.changedSeq(),
                true,
                message.senderId(),
                "",
                message.content(),
                message.edited(),
                message.deleted());
    }

    static Entry said(long seq, String sender, String name, String content) {
        return new Entry(seq, seq, true, sender, name, content, false, false);
    }

    Entry edited(long at, String fresh) {
        return new Entry(seq, at, text, sender, name, fresh, true, deleted);
    }

    Entry deleted(long at) {
        return new Entry(seq, at, text, sender, name, null, edited, true);
    }

    /** Whether a client that holds this shows what the log says. */
    boolean shows(Entry log) {
        return seq == log.seq
                && changed == log.changed
                && deleted == log.deleted
                && (deleted || edited == log.edited && sender.equals(log.sender) && content.equals(log.content));
    }

    /** Short: contents begin with what tells them apart. */
    @Override
    public String toString() {
        String start = content == null || content.length() < BRIEF ? content : content.substring(0, BRIEF) + "…";
        return seq + (changed == seq ? "" : " changed at " + changed) + (deleted ? ", deleted" : ": " + start);
    }
}
