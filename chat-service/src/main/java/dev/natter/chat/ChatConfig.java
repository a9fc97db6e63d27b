package dev.natter.chat;

import io.helidon.config.Config;
import java.net.URI;
import java.time.Duration;

/**
 * What chat-service can be told.
 *
 * @param auth where auth-service's internal listener is
 * @param message where message-service's internal listener is
 * @param membersMax most members of a chat
 * @param fileUrlLifetime how long a signed file url stays valid at least
 */
record ChatConfig(URI auth, URI message, int membersMax, Duration fileUrlLifetime) {
    // What a request body of 64 KiB can name.
    private static final int MEMBERS_LIMIT = 1_500;

    ChatConfig {
        if (membersMax < 2 || membersMax > MEMBERS_LIMIT) {
            throw new IllegalArgumentException(
                    "chat.members.max must be from 2 to " + MEMBERS_LIMIT + ", not " + membersMax);
        }
    }

    static ChatConfig from(Config config) {
        return new ChatConfig(
                config.get("auth.url").as(URI.class).get(),
                config.get("message.url").as(URI.class).get(),
                config.get("chat.members.max").asInt().get(),
                config.get("file.url.lifetime").as(Duration.class).get());
    }
}
