package dev.natter.platform.http;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * How often one client may do something: a bucket of requests per key that refills evenly. Remembers a bounded number
 * of clients. Thread-safe.
 */
public final class RateLimit {
    /**
     * Makes a limit.
     *
     * @param name its name in {@code RateLimit-Policy}
     * @param requests how many requests fit into the window; 0 for no limit
     * @param window how long an empty bucket takes to fill
     */
    public RateLimit(String name, long requests, Duration window) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Reads {@code rate.limit.<name>.requests} and {@code rate.limit.<name>.seconds}.
     *
     * @param config a service's settings
     * @param name the limit's name
     * @return the limit
     * @throws IllegalArgumentException naming the key and the value that make no sense
     */
    public static RateLimit from(Config config, String name) {
        throw new UnsupportedOperationException("skeleton");
    }
}
