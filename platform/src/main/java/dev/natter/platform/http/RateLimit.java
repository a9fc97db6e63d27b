package dev.natter.platform.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.helidon.config.Config;
import java.time.Duration;

/**
 * How often one client may do something: a bucket of requests per key that refills evenly. Remembers a bounded number
 * of clients. Thread-safe.
 */
public final class RateLimit {
    private static final int CLIENTS = 100_000;

    private final String name;
    private final long requests;
    private final Duration window;
    private final Cache<String, Bucket> buckets;

    /**
     * What came of one request.
     *
     * @param limit the limit
     * @param allowed whether it may go on
     * @param remaining how many more may follow at once
     * @param refillNanos how long until the bucket is full again
     * @param waitNanos how long to wait if it wasn't allowed
     */
    record Permit(RateLimit limit, boolean allowed, long remaining, long refillNanos, long waitNanos) {
        String field() {
            return "\"" + limit.name + "\";r=" + remaining + ";t=" + seconds(refillNanos);
        }

        Duration retryAfter() {
            return Duration.ofSeconds(seconds(waitNanos));
        }

        private static long seconds(long nanos) {
            return Math.ceilDiv(nanos, 1_000_000_000L);
        }
    }

    /**
     * So many requests in so long.
     *
     * @param requests how many
     * @param seconds in how long
     */
    public record Rate(long requests, long seconds) {}

    /**
     * Makes a limit.
     *
     * @param name its name in {@code RateLimit-Policy}
     * @param requests how many requests fit into the window; 0 for no limit
     * @param window how long an empty bucket takes to fill
     */
    public RateLimit(String name, long requests, Duration window) {
        if (requests < 0 || window.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "rate.limit." + name + ": " + requests + " requests in " + window + " make no limit");
        }
        this.name = name;
        this.requests = requests;
        this.window = window;
        // A bucket that was left alone for a whole window is full, the same as a new one.
        this.buckets = Caffeine.newBuilder()
                .maximumSize(CLIENTS)
                .expireAfterAccess(window)
                // Tidied by whoever asks: waking another thread for that costs more.
                .executor(Runnable::run)
                .build();
    }

    /**
     * Reads {@code rate.limit.<name>.requests} and {@code rate.limit.<name>.seconds}.
     *
     * @param config a service's settings
     * @param name the limit's name
     * @return the limit, 6,000 requests in 60 seconds unless set
     * @throws IllegalArgumentException naming the key and the value that make no sense
     */
    public static RateLimit from(Config config, String name) {
        return new RateLimit(
                name,
                number(config, "rate.limit." + name + ".requests", 6_000),
                Duration.ofSeconds(number(config, "rate.limit." + name + ".seconds", 60)));
    }

    private static long number(Config config, String key, long otherwise) {
        String text = config.get(key).asString().orElse(Long.toString(otherwise));
        if (!text.matches("[0-9]{1,12}")) {
            throw new IllegalArgumentException(key + ": '" + text + "' is not a whole number");
        }
        return Long.parseLong(text);
    }

    String name() {
        return name;
    }

    Rate rate() {
        return new Rate(requests, window.toSeconds());
    }

    boolean unlimited() {
        return requests == 0;
    }

    Permit take(String key) {
        ConsumptionProbe probe = buckets.get(key, ignored -> bucket()).tryConsumeAndReturnRemaining(1);
        return new Permit(
                this,
                probe.isConsumed(),
                probe.getRemainingTokens(),
                probe.getNanosToWaitForReset(),
                probe.getNanosToWaitForRefill());
    }

    String policy() {
        return "\"" + name + "\";q=" + requests + ";w=" + window.toSeconds();
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(requests).refillGreedy(requests, window))
                .build();
    }
}
