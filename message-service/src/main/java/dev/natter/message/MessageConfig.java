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
    private static final int MOST_LANES = 64;

    MessageConfig {
        require("lanes.count", lanes, lanes >= 1 && lanes <= MOST_LANES);
        require("lanes.batch", batch, batch >= 1 && batch <= 1024);
        require("lanes.queue", queue, queue >= batch);
        require("lanes.timeout", timeout, timeout.isPositive());
        require("file.url.lifetime", fileUrlLifetime, fileUrlLifetime.toSeconds() >= 1);
    }

    static MessageConfig from(Config config) {
        return new MessageConfig(
                config.get("chat.url").as(URI.class).get(),
                config.get("file.url.lifetime").as(Duration.class).get(),
                lanes(config.get("lanes.count").asInt().get()),
                config.get("lanes.batch").asInt().get(),
                config.get("lanes.queue").asInt().get(),
                config.get("lanes.timeout").as(Duration.class).get());
    }

    /** One lane keeps a core of PostgreSQL and one of ours busy; more of them would only make batches smaller. */
    private static int lanes(int chosen) {
        return chosen != 0 ? chosen : Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_LANES);
    }

    private static void require(String key, Object value, boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("Setting " + key + " can't be " + value);
        }
    }
}
