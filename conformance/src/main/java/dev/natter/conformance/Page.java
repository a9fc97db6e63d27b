package dev.natter.conformance;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * An answer to {@code GET /api/chats/{id}/messages}.
 *
 * @param chatId the chat
 * @param seq its header {@code Natter-Seq}: the page shows the chat as of this number, or later
 * @param epoch its header {@code Natter-Epoch}
 * @param before the {@code before} that was asked for; null for the latest page
 * @param messages the messages, oldest first
 * @param more whether there are older ones, a {@code Link} with {@code rel="next"}
 */
public record Page(String chatId, long seq, String epoch, Long before, List<JsonNode> messages, boolean more) {
    public Page {
        messages = List.copyOf(messages);
    }
}
