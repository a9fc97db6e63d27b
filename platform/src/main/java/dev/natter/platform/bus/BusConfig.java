package dev.natter.platform.bus;

import io.helidon.config.Config;
import io.nats.client.Options;
import java.time.Duration;

/**
 * How to reach NATS.
 *
 * @param url one server or several, with commas between
 * @param user the user, or null if the url says it
 * @param password the password, or null
 * @param replicas how many servers keep each stream
 * @param name who connects, as the server shows it
 */
record BusConfig(String url, String user, String password, int replicas, String name) {
    BusConfig {
        if (replicas < 1 || replicas > 5) {
            throw new IllegalArgumentException("nats.replicas must be 1 to 5, not " + replicas);
        }
    }

    static BusConfig from(Config config, String name) {
        return new BusConfig(
                config.get("nats.url")
                        .asString()
                        .filter(text -> !text.isBlank())
                        .orElseThrow(() -> new IllegalArgumentException("NATS_URL must be set")),
                text(config, "nats.user"),
                text(config, "nats.password"),
                config.get("nats.replicas").asInt().orElse(1),
                name);
    }

    private static String text(Config config, String key) {
        return config.get(key).asString().filter(text -> !text.isBlank()).orElse(null);
    }

    Options options(Gaps gaps) {
        Options.Builder options = new Options.Builder()
                .servers(url.split("\\s*,\\s*"))
                .connectionName(name)
                .connectionTimeout(Duration.ofSeconds(3))
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(250))
                .reconnectJitter(Duration.ofMillis(250))
                // Nothing waits for a connection that is down: the outbox knows better what to publish when it is back.
                .reconnectBufferSize(0)
                .pingInterval(Duration.ofSeconds(5))
                .maxPingsOut(2)
                .requestCleanupInterval(Duration.ofSeconds(1))
                .maxMessagesInOutgoingQueue(20_000)
                .connectionListener(gaps)
                .errorListener(gaps);
        if (user != null && password != null) {
            options.userInfo(user.toCharArray(), password.toCharArray());
        }
        return options.build();
    }

    @Override
    public String toString() {
        return "BusConfig[" + name + "]";
    }
}
