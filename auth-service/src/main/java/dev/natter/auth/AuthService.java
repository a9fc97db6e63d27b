package dev.natter.auth;

import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Replica;
import dev.natter.platform.db.Database;
import dev.natter.platform.http.RateLimit;
import dev.natter.platform.http.Routes;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.run.Service;
import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.TokenVerifier;
import dev.natter.platform.trace.Tracer;
import io.helidon.config.Config;
import io.helidon.health.HealthCheck;
import java.time.Clock;
import java.util.List;

/** The service that owns users: who there is, how they prove it, and how long they stay signed in. */
public final class AuthService implements Service {
    private final Tracer tracer;
    private final Database database;
    private final Bus bus;
    private final Outbox outbox;
    private final Replica avatars;
    private final Passwords passwords;
    private final SigningKeys keys;
    private final AuthApi auth;
    private final SessionApi sessions;
    private final UserApi users;
    private final TokenVerifier tokens;
    private final SharedSecret secret;
    private final Config config;
    private final AuthConfig settings;

    private AuthService(Config config, Clock clock) {
        this.config = config;
        settings = AuthConfig.from(config);
        secret = SharedSecret.from(config);
        tracer = Tracer.from(config, "auth-service");
        database = Database.open(config, "db/auth");
        bus = Bus.open(config, "auth-service", tracer);
        outbox = new Outbox(database, bus, Subjects.USERS, Subjects.USERS_KEPT);
        keys = new SigningKeys(database, KeyForm.of(settings.algorithm()), secret);
        tokens = TokenVerifier.from(config, keys::jwks);
        passwords = new Passwords(settings.hashing());

        var rows = new Users(database);
        var meters = new Meters(passwords);
        var signIns = new Sessions(database, outbox, settings.refreshLifetime(), clock);
        var refreshTokens =
                new RefreshTokens(outbox, signIns, secret, settings.refreshLifetime(), clock, meters::reuse);
        var registrations = new Registrations(outbox, rows, passwords, secret, clock);
        var access = new AccessTokens(keys, settings.accessLifetime(), clock);
        var attempts = new Attempts(settings.failures());
        auth = new AuthApi(
                rows, registrations, passwords, attempts, meters, signIns, refreshTokens, access, keys, clock);
        sessions = new SessionApi(signIns, new Tickets(database, clock));
        users = new UserApi(rows);
        avatars = new Replica(
                bus,
                "auth-avatars",
                Subjects.FILES,
                Subjects.FILES_KEPT,
                "natter.kept.file.avatar_set",
                new Avatars(outbox, rows, clock)::apply);
    }

    /**
     * Wires the service; connects to nothing yet.
     *
     * @param config its settings
     * @return the service
     */
    public static AuthService open(Config config) {
        return new AuthService(config, Clock.systemUTC());
    }

    @Override
    public String name() {
        return "auth";
    }

    @Override
    public TokenVerifier tokens() {
        return tokens;
    }

    @Override
    public Tracer tracer() {
        return tracer;
    }

    @Override
    public SharedSecret secret() {
        return secret;
    }

    @Override
    public void routes(Routes open, Routes internal) {
        auth.routes(
                open,
                internal,
                RateLimit.from(config, "register"),
                RateLimit.from(config, "login"),
                RateLimit.from(config, "refresh"));
        sessions.routes(open, internal);
        users.routes(open, internal);
        internal.limits(() -> UserLimits.of(settings, open.limits()));
    }

    @Override
    public void start() {
        database.start();
        keys.start();
        bus.start();
        outbox.start();
        avatars.start();
    }

    @Override
    public void close() {
        avatars.close();
        outbox.close();
        bus.close();
        passwords.close();
        database.close();
    }

    @Override
    public List<HealthCheck> checks() {
        return List.of(database.check(), bus.check());
    }
}
