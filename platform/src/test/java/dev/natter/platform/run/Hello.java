package dev.natter.platform.run;

import dev.natter.platform.http.Json;
import dev.natter.platform.http.RateLimit;
import dev.natter.platform.http.RequestId;
import dev.natter.platform.http.Routes;
import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.TokenVerifier;
import dev.natter.testing.Api;
import dev.natter.testing.Ground;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A service with every kind of route, and what it takes to run it: no database, no bus. */
final class Hello implements Service {
    static final UUID USER = UUID.randomUUID();

    final List<String> life = new CopyOnWriteArrayList<>();
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    volatile boolean well = true;
    Routes open;
    private final TokenVerifier tokens;
    private final SharedSecret secret;

    /** Asks for a greeting. */
    record Greeting(String name) {}

    Hello(Config config) {
        this.tokens = TokenVerifier.from(config);
        this.secret = SharedSecret.from(config);
    }

    static Config config(Map<String, String> overrides) {
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "secret.key", Ground.SECRET_KEY,
                "algorithm", "HS256",
                "server.host", "127.0.0.1",
                "server.port", "0",
                "internal.host", "127.0.0.1",
                "internal.port", "0"));
        settings.putAll(overrides);
        return Config.just(ConfigSources.create(settings));
    }

    static Api api(Node node) {
        return new Api(URI.create("http://127.0.0.1:" + node.port()));
    }

    static Api internal(Node node) {
        return new Api(URI.create("http://127.0.0.1:" + node.internalPort()));
    }

    static String token() {
        Instant now = Instant.now();
        return Ground.sign(
                Map.of("alg", "HS256", "typ", TokenVerifier.TYPE, "kid", Ground.KEY_ID),
                Map.of(
                        "iss", TokenVerifier.ISSUER,
                        "aud", TokenVerifier.AUDIENCE,
                        "sub", USER.toString(),
                        "sid", UUID.randomUUID().toString(),
                        "iat", now.getEpochSecond(),
                        "exp", now.plusSeconds(600).getEpochSecond(),
                        "jti", UUID.randomUUID().toString()),
                Ground.SECRET_KEY);
    }

    @Override
    public String name() {
        return "hello";
    }

    @Override
    public TokenVerifier tokens() {
        return tokens;
    }

    @Override
    public SharedSecret secret() {
        return secret;
    }

    @Override
    public void routes(Routes routes, Routes internal) {
        open = routes;
        open.anonymous(
                        Method.GET,
                        "/hello",
                        (request, response) -> Json.send(
                                response, Status.OK_200, Map.of("request", String.valueOf(RequestId.current()))))
                .anonymous(
                        Method.POST,
                        "/hello",
                        (request, response) ->
                                Json.send(response, Status.CREATED_201, Json.read(request, Greeting.class)))
                .get(
                        "/hello/{id}",
                        (request, response, caller) -> Json.send(
                                response,
                                Status.OK_200,
                                Map.of(
                                        "user",
                                        caller.userId(),
                                        "id",
                                        request.path().pathParameters().get("id"))))
                .delete(
                        "/hello/{id}",
                        (request, response, caller) ->
                                response.status(Status.NO_CONTENT_204).send())
                .anonymous(Method.POST, "/bytes", (request, response) -> {
                    byte[] body = request.content().inputStream().readAllBytes();
                    Json.send(response, Status.OK_200, Map.of("bytes", body.length));
                })
                .anonymous(Method.GET, "/stream", Hello::stream)
                .anonymous(Method.GET, "/stream/broken", (request, response) -> {
                    stream(request, response);
                    throw new IllegalStateException("secret inner workings");
                })
                .anonymous(Method.GET, "/slow", this::slow)
                .anonymous(
                        Method.GET,
                        "/fail/{how}",
                        (request, response) ->
                                fail(request.path().pathParameters().get("how")))
                .limited(new RateLimit("tight", 2, Duration.ofMinutes(1)))
                .anonymous(
                        Method.POST,
                        "/tight",
                        (request, response) ->
                                response.status(Status.NO_CONTENT_204).send());
        internal.peer(
                Method.GET,
                "/internal/hello",
                (request, response) -> Json.send(response, Status.OK_200, new Greeting(RequestId.current())));
    }

    @Override
    public void sockets(WsRouting.Builder sockets) {
        sockets.endpoint("/socket", new WsListener() {});
    }

    @Override
    public void start() {
        life.add("start");
    }

    @Override
    public void drain() {
        life.add("drain");
    }

    @Override
    public void close() {
        life.add("close");
    }

    @Override
    public List<HealthCheck> checks() {
        return List.of(new HealthCheck() {
            @Override
            public String name() {
                return "database";
            }

            @Override
            public HealthCheckType type() {
                return HealthCheckType.READINESS;
            }

            @Override
            public HealthCheckResponse call() {
                return HealthCheckResponse.builder().status(well).build();
            }
        });
    }

    private static void stream(ServerRequest request, ServerResponse response) throws IOException {
        try (OutputStream out = response.outputStream()) {
            for (int i = 0; i < 10; i++) {
                out.write(new byte[1_000]);
            }
        }
    }

    private void slow(ServerRequest request, ServerResponse response) throws InterruptedException {
        entered.countDown();
        release.await();
        Json.send(response, Status.OK_200, Map.of("slow", true));
    }

    private static void fail(String how) throws Exception {
        switch (how) {
            case "bug" -> throw new IllegalStateException("secret inner workings");
            case "overflow" -> throw new StackOverflowError("secret inner workings");
            case "database" -> throw new RuntimeException(new SQLException("secret inner workings", "57P01"));
            case "sql" -> throw new SQLException("secret inner workings", "42601");
            default -> throw new IOException(how);
        }
    }
}
