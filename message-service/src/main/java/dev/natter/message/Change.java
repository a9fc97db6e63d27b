package dev.natter.message;

import dev.natter.contracts.FileInfo;
import dev.natter.contracts.MessageId;
import dev.natter.platform.bus.Cause;
import java.util.List;
import java.util.UUID;

/** Everything that may take a chat's next {@code seq}. */
sealed interface Change {
    /** The chat whose log it is for. */
    UUID chatId();

    /** What wants it; null if nobody knows. */
    Cause cause();

    /**
     * A member sends a message.
     *
     * @param content the text
     * @param replyTo the message it answers, or null
     * @param clientId the sender's own name for the send, or null
     */
    record Send(UUID chatId, UUID userId, String content, MessageId replyTo, String clientId, Cause cause)
            implements Change {}

    /**
     * The sender edits a message.
     *
     * @param expected the {@code changed_seq} it must still have, or null
     */
    record Edit(MessageId id, UUID userId, String content, Long expected, Cause cause) implements Change {
        @Override
        public UUID chatId() {
            return id.chatId();
        }
    }

    /** The sender, or an admin, deletes a message. */
    record Delete(MessageId id, UUID userId, Cause cause) implements Change {
        @Override
        public UUID chatId() {
            return id.chatId();
        }
    }

    /**
     * media-service has stored files that the sender attached. It asked whether they may.
     *
     * @param files with plain paths
     */
    record Attach(MessageId id, List<FileInfo> files, Cause cause) implements Change {
        @Override
        public UUID chatId() {
            return id.chatId();
        }
    }
}
