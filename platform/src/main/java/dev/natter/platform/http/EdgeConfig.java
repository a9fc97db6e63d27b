package dev.natter.platform.http;

import io.helidon.config.Config;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What every request of the public listener passes through.
 *
 * @param origins the web origins that may call from a browser; exact, without a trailing slash
 * @param trustedProxies addresses or networks ({@code 10.0.0.0/8}) whose {@code X-Forwarded-For} is believed
 * @param perUser how many requests a user may make
 * @param perAddress how many requests may come from one address without a valid token
 * @param headTimeout how long a client may take to send a request's head, once it has begun
 * @param bodyTimeout how long a client may take to send, or to take, the next piece of a body; pieces of less than 1
 *     KiB a second share it
 */
public record EdgeConfig(
        List<String> origins,
        List<String> trustedProxies,
        RateLimit perUser,
        RateLimit perAddress,
        Duration headTimeout,
        Duration bodyTimeout) {

    public EdgeConfig {
        origins = List.copyOf(origins);
        trustedProxies = List.copyOf(trustedProxies);
        origins.forEach(EdgeConfig::checkOrigin);
        trustedProxies.forEach(Network::parse);
    }

    /**
     * Reads {@code cors.origins}, {@code server.trusted.proxies} (both comma-separated), {@code rate.limit.user.*} and
     * {@code rate.limit.address.*}, {@code server.head.timeout} and {@code server.body.timeout} (seconds).
     *
     * @param config a service's settings
     * @return the edge's
     * @throws IllegalArgumentException naming the key and the value that make no sense
     */
    public static EdgeConfig from(Config config) {
        return new EdgeConfig(
                list(config, "cors.origins", "http://localhost:3000"),
                list(config, "server.trusted.proxies", ""),
                RateLimit.from(config, "user"),
                RateLimit.from(config, "address"),
                seconds(config, "server.head.timeout", 15),
                seconds(config, "server.body.timeout", 30));
    }

    private static List<String> list(Config config, String key, String otherwise) {
        return Stream.of(config.get(key).asString().orElse(otherwise).split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static Duration seconds(Config config, String key, long otherwise) {
        String text = config.get(key).asString().orElse(Long.toString(otherwise));
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(key + ": '" + text + "' is not a number of seconds");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private static void checkOrigin(String origin) {
        try {
            URI uri = new URI(origin);
            if (uri.getHost() != null
                    && uri.getScheme() != null
                    && origin.equals(uri.getScheme() + "://" + uri.getRawAuthority())) {
                return;
            }
        } catch (URISyntaxException notAnOrigin) {
            throw new IllegalArgumentException(refusal(origin), notAnOrigin);
        }
        throw new IllegalArgumentException(refusal(origin));
    }

    private static String refusal(String origin) {
        return "cors.origins: '" + origin + "' is not an origin such as https://chat.example.org";
    }
}
