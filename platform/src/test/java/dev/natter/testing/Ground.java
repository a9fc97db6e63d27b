package dev.natter.testing;

import dev.natter.platform.http.Json;
import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.TokenVerifier;
import dev.natter.servers.NatsServer;
import dev.natter.servers.PostgresServer;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a service stands on in a test: a fresh database on a real PostgreSQL that all tests of the JVM share, a real
 * {@code nats-server} of its own, a secret, and access tokens for whoever the test needs. Whatever is published on that
 * server is held against the contract, which the test fails by at the end.
 */
public final class Ground implements AutoCloseable {
    /** The {@code SECRET_KEY} of every test. */
    public static final String SECRET_KEY = "a secret that only tests know, 32 bytes and more";

    /** The {@code kid} of the tokens that are made here. */
    public static final String KEY_ID = TokenVerifier.SHARED_KEY_ID;

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final List<String> databases = new ArrayList<>();
    private final NatsServer nats;
    private final Tap tap;
    private final String database;

    private Ground() {
        this.nats = NatsServer.temporary();
        this.tap = Tap.on(nats.url());
        this.database = database();
    }

    /**
     * Prepares the ground.
     *
     * @return a fresh one
     */
    public static Ground open() {
        return new Ground();
    }

    /**
     * Says that the test is about to publish on purpose what no service would.
     *
     * @param subjects where: how the subjects begin
     * @return this
     */
    public Ground excuse(String subjects) {
        tap.excuse(subjects);
        return this;
    }

    /**
     * Settings for a service on this ground.
     *
     * @return keys and values, to be passed to {@code Settings.load}; a copy that may be changed
     */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("database.url", database);
        settings.put("nats.url", nats.url());
        settings.put("secret.key", SECRET_KEY);
        settings.put("algorithm", "HS256");
        settings.put("server.host", "127.0.0.1");
        settings.put("server.port", "0");
        settings.put("internal.host", "127.0.0.1");
        settings.put("internal.port", "0");
        settings.put("server.shutdown.delay", "PT0S");
        settings.put("cors.origins", "http://localhost:3000");
        return settings;
    }

    /**
     * The same settings as a config, with nothing else in it.
     *
     * @return the config
     */
    public Config config() {
        return config(Map.of());
    }

    /**
     * The same settings as a config.
     *
     * @param overrides keys and values that win
     * @return the config
     */
    public Config config(Map<String, String> overrides) {
        Map<String, String> settings = settings();
        settings.putAll(overrides);
        return Config.builder()
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .addSource(ConfigSources.create(settings))
                .build();
    }

    /**
     * One more fresh database.
     *
     * @return its address
     */
    public String database() {
        String name = "test_" + DATABASES.incrementAndGet();
        postgres().createDatabase(name);
        databases.add(name);
        return postgres().url(name);
    }

    /**
     * The PostgreSQL that all tests of this JVM share: not to be stopped.
     *
     * @return the server
     */
    public PostgresServer postgres() {
        return Shared.POSTGRES;
    }

    /**
     * This ground's own NATS server: may be killed, paused and started again.
     *
     * @return the server
     */
    public NatsServer nats() {
        return nats;
    }

    /**
     * What the services of the test share.
     *
     * @return the secret
     */
    public SharedSecret secret() {
        return SharedSecret.from(config());
    }

    /**
     * A user's access token, valid for an hour.
     *
     * @param userId the user
     * @return the token
     */
    public String token(UUID userId) {
        return token(userId, Duration.ofHours(1));
    }

    /**
     * A user's access token.
     *
     * @param userId the user
     * @param lifetime how long it is valid; negative for one that has expired
     * @return the token
     */
    public String token(UUID userId, Duration lifetime) {
        Instant issued = lifetime.isNegative() ? Instant.now().plus(lifetime.multipliedBy(2)) : Instant.now();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", TokenVerifier.ISSUER);
        claims.put("aud", TokenVerifier.AUDIENCE);
        claims.put("sub", userId.toString());
        claims.put("sid", UUID.randomUUID().toString());
        claims.put("iat", issued.getEpochSecond());
        claims.put("exp", Instant.now().plus(lifetime).getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        return sign(Map.of("alg", "HS256", "typ", TokenVerifier.TYPE, "kid", KEY_ID), claims, SECRET_KEY);
    }

    /**
     * Signs any token with HMAC-SHA256, genuine or forged.
     *
     * @param header its header
     * @param claims its claims
     * @param key the key
     * @return the token
     */
    public static String sign(Map<String, ?> header, Map<String, ?> claims, String key) {
        String signed = encode(Json.bytes(header)) + "." + encode(Json.bytes(claims));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        try {
            tap.close();
        } finally {
            nats.close();
            databases.forEach(postgres()::dropDatabase);
        }
    }

    /** Started with the first test that needs it, stopped with the JVM. */
    private static final class Shared {
        private static final PostgresServer POSTGRES = PostgresServer.temporary();
    }
}
