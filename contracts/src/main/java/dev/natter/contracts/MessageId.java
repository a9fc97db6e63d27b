package dev.natter.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.UUID;

/**
 * A message's name: {@code <chat_id>.<seq>}, where {@code seq} is the chat's number at which the message was created.
 * Opaque to clients; to services it says where the message lies, so no second unique index is needed.
 *
 * @param chatId the chat
 * @param seq the number of its creation, from 1
 */
public record MessageId(UUID chatId, long seq) {
    private static final int UUID_LENGTH = 36;
    private static final int MAX_LENGTH = UUID_LENGTH + 1 + 19;

    public MessageId {
        if (chatId == null || seq < 1) {
            throw new IllegalArgumentException("Not a message id");
        }
    }

    /**
     * Reads the canonical form only, so that a message has exactly one name.
     *
     * @param text what a client sent, or null
     * @return the id, or empty if the text isn't one
     */
    public static Optional<MessageId> parse(String text) {
        if (text == null
                || text.length() < UUID_LENGTH + 2
                || text.length() > MAX_LENGTH
                || text.charAt(UUID_LENGTH) != '.') {
            return Optional.empty();
        }
        try {
            var id = new MessageId(
                    UUID.fromString(text.substring(0, UUID_LENGTH)), Long.parseLong(text.substring(UUID_LENGTH + 1)));
            return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    /**
     * The JSON form of {@link #parse}.
     *
     * @param text the canonical form
     * @return the id
     * @throws IllegalArgumentException if the text is not an id
     */
    @JsonCreator
    public static MessageId of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("Not a message id"));
    }

    @Override
    @JsonValue
    public String toString() {
        return chatId + "." + seq;
    }
}
