package dev.natter.auth;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * What auth-service can be told.
 *
 * @param algorithm what access tokens are signed with
 * @param accessLifetime how long an access token is valid
 * @param refreshLifetime how long a session lasts without being used
 * @param hashing how passwords are hashed
 * @param failures how many wrong passwords are borne
 */
record AuthConfig(
        String algorithm, Duration accessLifetime, Duration refreshLifetime, Hashing hashing, Failures failures) {
    private static final int MIN_MEMORY = 19_456;
    private static final int MIN_PASSES = 2;

    /**
     * Argon2id's parameters, and how much of it may happen at once.
     *
     * @param memoryKib memory of one hash
     * @param passes passes over it
     * @param threads hashes at a time
     * @param queue how many may wait
     */
    record Hashing(int memoryKib, int passes, int threads, int queue) {
        Hashing {
            demand(memoryKib >= MIN_MEMORY, "password.memory.kib", memoryKib, "at least " + MIN_MEMORY);
            demand(passes >= MIN_PASSES, "password.passes", passes, "at least " + MIN_PASSES);
            demand(threads >= 0, "password.threads", threads, "0 or more");
            demand(queue > 0, "password.queue", queue, "1 or more");
            threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        }
    }

    /**
     * Wrong passwords for one account.
     *
     * @param address as many from one address
     * @param account as many from all strange addresses together
     * @param window are forgiven within this
     */
    record Failures(int address, int account, Duration window) {
        Failures {
            demand(address > 0, "login.failures.address", address, "1 or more");
            demand(account > 0, "login.failures.account", account, "1 or more");
            demand(window.isPositive(), "login.failures.seconds", window.toSeconds(), "1 or more");
        }
    }

    AuthConfig {
        demand(
                accessLifetime.isPositive() && accessLifetime.toDays() <= 1,
                "access.token.expire.minutes",
                accessLifetime.toMinutes(),
                "from 1 to 1440");
        demand(
                refreshLifetime.compareTo(accessLifetime) >= 0,
                "refresh.token.expire.days",
                refreshLifetime.toDays(),
                "longer than an access token's life");
    }

    static AuthConfig from(Config config) {
        Config password = config.get("password");
        Config failures = config.get("login.failures");
        return new AuthConfig(
                config.get("algorithm").asString().get(),
                Duration.ofMinutes(
                        config.get("access.token.expire.minutes").asLong().get()),
                Duration.ofDays(config.get("refresh.token.expire.days").asLong().get()),
                new Hashing(
                        password.get("memory.kib").asInt().get(),
                        password.get("passes").asInt().get(),
                        password.get("threads").asInt().get(),
                        password.get("queue").asInt().get()),
                new Failures(
                        failures.get("address").asInt().get(),
                        failures.get("account").asInt().get(),
                        Duration.ofSeconds(failures.get("seconds").asLong().get())));
    }

    private static void demand(boolean holds, String key, long value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be " + rule + ", not " + value);
        }
    }
}
