package dev.natter.contracts;

import java.util.UUID;

/**
 * The NATS subjects: {@code natter.<context>.<aggregate id>.<what>} for whoever listens now, and
 * {@code natter.kept.<context>.<what>} for the envelopes in which the one JetStream stream of each context keeps what
 * was committed together. What lies under {@code natter.live.} is kept by none.
 */
public final class Subjects {
    /** Stream of user events, {@link #USERS_KEPT}. */
    public static final String USERS = "natter-user";

    /** Stream of chat events, {@link #CHATS_KEPT}. */
    public static final String CHATS = "natter-chat";

    /** Stream of message events, {@link #MESSAGES_KEPT}. */
    public static final String MESSAGES = "natter-message";

    /** Stream of file events, {@link #FILES_KEPT}. */
    public static final String FILES = "natter-file";

    /** Envelopes of every user event. */
    public static final String USERS_KEPT = "natter.kept.user.>";

    /** Envelopes of every chat event. */
    public static final String CHATS_KEPT = "natter.kept.chat.>";

    /** Envelopes of every message event. */
    public static final String MESSAGES_KEPT = "natter.kept.message.>";

    /** Envelopes of every file event. */
    public static final String FILES_KEPT = "natter.kept.file.>";

    /** Every chat event. */
    public static final String CHATS_ALL = "natter.chat.>";

    /** Every end of a session. */
    public static final String SESSIONS_ENDED = "natter.user.*.session_ended";

    /** What gateways tell each other about who is online. */
    public static final String PRESENCE = "natter.live.presence.all";

    private Subjects() {}

    /**
     * Where an event of a user is published.
     *
     * @param userId the user
     * @param event the event
     * @return the subject
     */
    public static String of(UUID userId, UserEvent event) {
        return "natter.user." + userId
                + switch (event) {
                    case UserEvent.Registered _ -> ".registered";
                    case UserEvent.Updated _ -> ".updated";
                    case UserEvent.SessionEnded _ -> ".session_ended";
                    case UserEvent.Unknown _ ->
                        throw new IllegalArgumentException("An unknown event is never published");
                };
    }

    /**
     * Where an event of a chat is published.
     *
     * @param chatId the chat
     * @param event the event
     * @return the subject
     */
    public static String of(UUID chatId, ChatEvent event) {
        return "natter.chat." + chatId
                + switch (event) {
                    case ChatEvent.Created _ -> ".created";
                    case ChatEvent.Updated _ -> ".updated";
                    case ChatEvent.Deleted _ -> ".deleted";
                    case ChatEvent.MemberAdded _ -> ".member_added";
                    case ChatEvent.MemberUpdated _ -> ".member_updated";
                    case ChatEvent.MemberRemoved _ -> ".member_removed";
                    case ChatEvent.Unknown _ ->
                        throw new IllegalArgumentException("An unknown event is never published");
                };
    }

    /**
     * Where an event of a chat's timeline is published.
     *
     * @param chatId the chat
     * @param event the event
     * @return the subject
     */
    public static String of(UUID chatId, MessageEvent event) {
        return "natter.message." + chatId
                + switch (event) {
                    case MessageEvent.Created _ -> ".created";
                    case MessageEvent.Updated _ -> ".updated";
                    case MessageEvent.Deleted _ -> ".deleted";
                    case MessageEvent.Unknown _ ->
                        throw new IllegalArgumentException("An unknown event is never published");
                };
    }

    /**
     * Where a file event is published.
     *
     * @param event the event
     * @return the subject: below the chat for an attachment, below the user for an avatar
     */
    public static String of(FileEvent event) {
        return switch (event) {
            case FileEvent.Attached attached ->
                "natter.file." + attached.messageId().chatId() + ".attached";
            case FileEvent.AvatarSet avatar -> "natter.file." + avatar.userId() + ".avatar_set";
            case FileEvent.Unknown _ -> throw new IllegalArgumentException("An unknown event is never published");
        };
    }

    /**
     * What a gateway subscribes to while somebody here watches a chat.
     *
     * @param chatId the chat
     * @return a subject with a wildcard
     */
    public static String timeline(UUID chatId) {
        return "natter.message." + chatId + ".*";
    }

    /**
     * Where typing in a chat is told.
     *
     * @param chatId the chat
     * @return the subject
     */
    public static String typing(UUID chatId) {
        return "natter.live." + chatId + ".typing";
    }

    /**
     * Where reading in a chat is told.
     *
     * @param chatId the chat
     * @return the subject
     */
    public static String read(UUID chatId) {
        return "natter.live." + chatId + ".read";
    }

    /**
     * Where a user's own devices are told how a chat stands.
     *
     * @param userId the user
     * @return the subject
     */
    public static String unread(UUID userId) {
        return "natter.live." + userId + ".unread";
    }

    /**
     * Where a user is told of activity in their chats.
     *
     * @param userId the user
     * @return the subject
     */
    public static String activity(UUID userId) {
        return "natter.live." + userId + ".activity";
    }

    /**
     * What gateways tell one of them about who is online.
     *
     * @param gateway which
     * @return the subject
     */
    public static String presence(String gateway) {
        return "natter.live.presence." + gateway;
    }

    /**
     * Everything that is only true now of a chat, or for a user.
     *
     * @param id the chat or the user
     * @return a subject with a wildcard
     */
    public static String live(UUID id) {
        return "natter.live." + id + ".*";
    }
}
