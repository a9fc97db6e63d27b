package dev.natter.auth;

import dev.natter.platform.http.ClientAddress;
import dev.natter.platform.http.Idempotency;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.RateLimit;
import dev.natter.platform.http.Routes;
import dev.natter.platform.http.Violations;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.Instant;

/** Registers users, signs them in, and keeps them signed in. */
final class AuthApi {
    private static final String BEARER = "bearer";

    private final Users users;
    private final Registrations registrations;
    private final Passwords passwords;
    private final Attempts attempts;
    private final Meters meters;
    private final Sessions sessions;
    private final RefreshTokens refreshTokens;
    private final AccessTokens tokens;
    private final SigningKeys keys;
    private final Clock clock;

    /**
     * What a client gets to be somebody.
     *
     * @param accessToken shown with every request
     * @param tokenType how it is shown
     * @param expiresIn seconds until it expires
     * @param refreshToken gets the next ones, once
     * @param user who they are
     */
    record Tokens(String accessToken, String tokenType, long expiresIn, String refreshToken, Me user) {
        @Override
        public String toString() {
            return "Tokens[hidden]";
        }
    }

    /**
     * What a client sends for new tokens.
     *
     * @param refreshToken the one it has
     */
    record Refresh(String refreshToken) {
        Refresh {
            new Violations()
                    .check("refresh_token", refreshToken != null, "required", "'refresh_token' is required.")
                    .orRefuse();
        }

        @Override
        public String toString() {
            return "Refresh[hidden]";
        }
    }

    AuthApi(
            Users users,
            Registrations registrations,
            Passwords passwords,
            Attempts attempts,
            Meters meters,
            Sessions sessions,
            RefreshTokens refreshTokens,
            AccessTokens tokens,
            SigningKeys keys,
            Clock clock) {
        this.users = users;
        this.registrations = registrations;
        this.passwords = passwords;
        this.attempts = attempts;
        this.meters = meters;
        this.sessions = sessions;
        this.refreshTokens = refreshTokens;
        this.tokens = tokens;
        this.keys = keys;
        this.clock = clock;
    }

    void routes(Routes open, Routes internal, RateLimit register, RateLimit login, RateLimit refresh) {
        open.limited(register).anonymous(Method.POST, "/api/auth/register", this::register);
        open.limited(login).anonymous(Method.POST, "/api/auth/login", this::login);
        open.limited(refresh).anonymous(Method.POST, "/api/auth/refresh", this::refresh);
        open.anonymous(Method.GET, "/.well-known/jwks.json", this::jwks);
        internal.anonymous(Method.GET, "/.well-known/jwks.json", this::jwks);
    }

    private void register(ServerRequest request, ServerResponse response) {
        Registration wanted = Json.read(request, Registration.class);
        Registrations.Outcome outcome = registrations.register(request, wanted);
        Users.Account account = outcome.account();
        response.header(HeaderValues.create(
                HeaderNames.LOCATION, "/api/users/" + account.user().id()));
        if (outcome.replayed()) {
            response.header(Idempotency.REPLAYED);
        }
        Status status = outcome.replayed() ? Status.OK_200 : Status.CREATED_201;
        send(response, status, sessions.open(account.user().id(), device(request)), account);
    }

    private void login(ServerRequest request, ServerResponse response) {
        Login login = Login.read(request);
        String name = login.account();
        String address = ClientAddress.current();
        attempts.admit(name, address);
        Users.Account account = users.find(name).orElse(null);
        boolean right = passwords.matches(login.password(), account == null ? null : account.password());
        meters.login(right);
        if (!right) {
            attempts.wrong(name, address);
            throw Problems.wrongCredentials().refuse();
        }
        attempts.right(name, address);
        if (passwords.isOutdated(account.password())) {
            users.rehash(account, passwords.hash(login.password()));
        }
        send(response, Status.OK_200, sessions.open(account.user().id(), device(request)), account);
    }

    private void refresh(ServerRequest request, ServerResponse response) {
        Instant arrivedAt = clock.instant();
        Refresh shown = Json.read(request, Refresh.class);
        String retryKey = request.headers().first(Idempotency.KEY).orElse(null);
        Sessions.Open session = refreshTokens
                .rotate(new RefreshTokens.Rotation(shown.refreshToken(), retryKey, arrivedAt))
                .orElseThrow(() -> Problems.spentToken().refuse());
        Users.Account account = users.find(session.userId())
                .orElseThrow(() -> Problems.spentToken().refuse());
        send(response, Status.OK_200, session, account);
    }

    private static String device(ServerRequest request) {
        return request.headers().first(HeaderNames.USER_AGENT).map(Device::of).orElse(null);
    }

    private void jwks(ServerRequest request, ServerResponse response) {
        response.header(Headers.ONE_MINUTE);
        Json.send(response, Status.OK_200, keys.jwks());
    }

    private void send(ServerResponse response, Status status, Sessions.Open session, Users.Account account) {
        response.header(Headers.NO_STORE);
        String access = tokens.issue(session.userId(), session.id());
        Json.send(
                response,
                status,
                new Tokens(access, BEARER, tokens.lifetimeSeconds(), session.refreshToken(), Me.of(account)));
    }
}
