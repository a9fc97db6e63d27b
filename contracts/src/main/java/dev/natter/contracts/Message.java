package dev.natter.contracts;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A message as clients see it: its current state. A deleted message stays as a tombstone, without content and files.
 *
 * @param id its name
 * @param chatId the chat
 * @param seq the chat's number at which it was created
 * @param changedSeq the chat's number at which it last changed; equal to {@code seq} until then
 * @param type {@code text}, or {@code system} for what the chat itself says
 * @param senderId who sent it
 * @param content the text, 1 to 4,000 code points; null once deleted
 * @param replyToId the message it answers, or null
 * @param files what is attached, in order; never null
 * @param clientId the sender's own name for the send, by which a retry is known, or null
 * @param createdAt when it was sent
 * @param editedAt when its content was last edited, or null
 * @param deletedAt when it was deleted, or null
 */
public record Message(
        MessageId id,
        UUID chatId,
        long seq,
        long changedSeq,
        Type type,
        UUID senderId,
        String content,
        MessageId replyToId,
        List<FileInfo> files,
        String clientId,
        Instant createdAt,
        Instant editedAt,
        Instant deletedAt) {

    /** What kind of entry of the timeline a message is. */
    public enum Type {
        /** Written by a member. */
        text,
        /** Written by the chat itself. */
        system
    }

    public Message {
        files = files == null ? List.of() : List.copyOf(files);
    }

    /**
     * The same message with its files at other addresses: services keep plain paths, since a signature expires, and
     * sign them whenever the message is shown.
     *
     * @param change makes the new address from the old one
     * @return another message, or this one if it has no files
     */
    public Message withFileUrls(UnaryOperator<String> change) {
        if (files.isEmpty()) {
            return this;
        }
        List<FileInfo> changed =
                files.stream().map(file -> file.withUrls(change)).toList();
        return new Message(
                id,
                chatId,
                seq,
                changedSeq,
                type,
                senderId,
                content,
                replyToId,
                changed,
                clientId,
                createdAt,
                editedAt,
                deletedAt);
    }
}
