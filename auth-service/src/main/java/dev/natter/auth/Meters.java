package dev.natter.auth;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.util.List;

/** What tells an operator that somebody guesses, steals or floods. Thread-safe. */
final class Meters {
    private static final Tag SERVICE = Tag.create("service", "auth");

    private final Counter right = logins("right");
    private final Counter wrong = logins("wrong");
    private final Counter reused = registry()
            .getOrCreate(Counter.builder("natter.auth.refresh.reused")
                    .description("Sessions ended because a spent refresh token was shown again")
                    .tags(List.of(SERVICE)));

    Meters(Passwords passwords) {
        registry()
                .getOrCreate(Gauge.builder("natter.auth.passwords.waiting", passwords::waiting)
                        .description("Passwords that wait to be hashed")
                        .tags(List.of(SERVICE)));
    }

    void login(boolean successful) {
        (successful ? right : wrong).increment();
    }

    void reuse() {
        reused.increment();
    }

    private static Counter logins(String outcome) {
        return registry()
                .getOrCreate(Counter.builder("natter.auth.logins")
                        .description("Sign-ins by password")
                        .tags(List.of(SERVICE, Tag.create("outcome", outcome))));
    }

    private static MeterRegistry registry() {
        return Metrics.globalRegistry();
    }
}
