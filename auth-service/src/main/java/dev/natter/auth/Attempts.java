package dev.natter.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.natter.auth.AuthConfig.Failures;
import dev.natter.platform.http.Problem;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.List;

/**
 * Slows down the guessing of one account's password, known or not. Only wrong passwords count, so a suite that signs in
 * all day never notices. They count per address; and over all addresses, except those that knew the password lately, so
 * that guessing from everywhere doesn't lock out the owner. Thread-safe.
 */
final class Attempts {
    private static final int REMEMBERED = 100_000;
    private static final Duration TRUSTED_FOR = Duration.ofDays(7);

    /** Where an attempt comes from, and at what. */
    private record Origin(String account, String address) {}

    private final Failures allowed;
    private final Cache<Origin, Bucket> byAddress;
    private final Cache<String, Bucket> byAccount;
    private final Cache<Origin, Boolean> trusted = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(TRUSTED_FOR)
            .build();

    Attempts(Failures allowed) {
        this.allowed = allowed;
        // A bucket that was left alone for a whole window is full, the same as a new one.
        this.byAddress = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterAccess(allowed.window())
                .build();
        this.byAccount = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterAccess(allowed.window())
                .build();
    }

    /** Refuses an attempt, whatever its password, after too many wrong ones. */
    void admit(String account, String address) {
        var origin = new Origin(account, address);
        demand(byAddress.getIfPresent(origin));
        if (trusted.getIfPresent(origin) == null) {
            demand(byAccount.getIfPresent(account));
        }
    }

    void wrong(String account, String address) {
        var origin = new Origin(account, address);
        byAddress.get(origin, _ -> bucket(allowed.address())).tryConsume(1);
        if (trusted.getIfPresent(origin) == null) {
            byAccount.get(account, _ -> bucket(allowed.account())).tryConsume(1);
        }
    }

    void right(String account, String address) {
        trusted.put(new Origin(account, address), true);
    }

    private Bucket bucket(int capacity) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(capacity).refillGreedy(capacity, allowed.window()))
                .build();
    }

    private static void demand(Bucket bucket) {
        if (bucket == null || bucket.getAvailableTokens() > 0) {
            return;
        }
        long nanos = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        Duration wait = Duration.ofSeconds(Math.ceilDiv(nanos, 1_000_000_000L));
        throw new Problem(
                        429,
                        "rate_limited",
                        "Too many wrong passwords for this account; wait a little.",
                        true,
                        wait,
                        List.of())
                .refuse();
    }
}
