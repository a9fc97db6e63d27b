package dev.natter.platform.http;

import io.helidon.config.Config;
import java.util.List;

/**
 * What every request of the public listener passes through.
 *
 * @param origins the web origins that may call from a browser; exact, without a trailing slash
 * @param trustedProxies addresses or networks ({@code 10.0.0.0/8}) whose {@code X-Forwarded-For} is believed
 * @param perUser how many requests a user may make
 * @param perAddress how many requests may come from one address without a valid token
 */
public record EdgeConfig(List<String> origins, List<String> trustedProxies, RateLimit perUser, RateLimit perAddress) {
    /**
     * Reads {@code cors.origins}, {@code server.trusted.proxies} (both comma-separated), {@code rate.limit.user.*} and
     * {@code rate.limit.address.*}.
     *
     * @param config a service's settings
     * @return the edge's
     * @throws IllegalArgumentException naming the key and the value that make no sense
     */
    public static EdgeConfig from(Config config) {
        throw new UnsupportedOperationException("skeleton");
    }
}
