package dev.natter.realtime;

import dev.natter.contracts.LiveEvent;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/** What is only true now of a chat, who types and who has read, on its way to those in the room. Thread-safe. */
final class Hints {
    private static final System.Logger LOG = System.getLogger(Hints.class.getName());

    private final UUID chatId;
    private final Typists typists;
    private final BiConsumer<Frame, UUID> tell;

    /**
     * Nobody types.
     *
     * @param chatId the chat
     * @param typingNanos how long one is shown as typing
     * @param tell tells everyone but the named user
     */
    Hints(UUID chatId, long typingNanos, BiConsumer<Frame, UUID> tell) {
        this.chatId = chatId;
        this.typists = new Typists(typingNanos);
        this.tell = tell;
    }

    /** The bus brought something. */
    void arrived(Delivery delivery) {
        LiveEvent event;
        try {
            event = Json.parse(delivery.payload(), LiveEvent.class);
        } catch (IllegalArgumentException notOurs) {
            LOG.log(System.Logger.Level.DEBUG, "An unreadable event on {0}", delivery.subject());
            return;
        }
        switch (event) {
            case LiveEvent.Typing(UUID _, UUID userId, boolean isTyping) -> {
                if (userId != null && counts(userId, isTyping)) {
                    tell.accept(Frame.text(delivery.payload()), userId);
                }
            }
            case LiveEvent.MessageRead _ -> tell.accept(Frame.text(delivery.payload()), null);
            // These are for users, not for chats.
            case LiveEvent.Unread _, LiveEvent.ChatActivity _, LiveEvent.Unknown _ -> {}
        }
    }

    /** Time passes: who has stopped typing. */
    void tick(long now) {
        List<UUID> silent;
        synchronized (this) {
            silent = typists.silent(now);
        }
        for (UUID userId : silent) {
            tell.accept(Frame.text(Json.bytes(new LiveEvent.Typing(chatId, userId, false))), userId);
        }
    }

    private synchronized boolean counts(UUID userId, boolean isTyping) {
        return typists.told(userId, isTyping, System.nanoTime());
    }
}
