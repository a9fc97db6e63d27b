package dev.natter.message;

import io.helidon.config.Config;
import java.net.URI;
import java.time.Duration;

/**
 * What message-service can be told.
 *
 * @param chatUrl chat-service's internal listener
 * @param fileUrlLifetime how long a file's address stays valid at least
 * @param lanes how many commit lanes
 * @param batch most changes in one transaction
 * @param queue most changes waiting in a lane
 * @param timeout how long a request waits for its commit
 */
record MessageConfig(URI chatUrl, Duration fileUrlLifetime, int lanes, int batch, int queue, Duration timeout) {
    MessageConfig {
        require("lanes.count", lanes, lanes >= 1 && lanes <= 64);
        require("lanes.batch", batch, batch >= 1 && batch <= 1024);
        require("lanes.queue", queue, queue >= batch);
        require("lanes.timeout", timeout, timeout.isPositive());
        require("file.url.lifetime", fileUrlLifetime, fileUrlLifetime.toSeconds() >= 1);
    }

    static MessageConfig from(Config config) {
        return new MessageConfig(
                config.get("chat.url").as(URI.class).get(),
                config.get("file.url.lifetime").as(Duration.class).get(),
                config.get("lanes.count").asInt().get(),
                config.get("lanes.batch").asInt().get(),
                config.get("lanes.queue").asInt().get(),
                config.get("lanes.timeout").as(Duration.class).get());
    }

    private static void require(String key, Object value, boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("Setting " + key + " can't be " + value);
        }
    }
}
