package dev.natter.auth;

import dev.natter.platform.bus.Bus;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.run.Node;
import dev.natter.platform.run.NodeConfig;
import dev.natter.platform.run.Settings;
import dev.natter.testing.Api;
import dev.natter.testing.Ground;
import dev.natter.testing.Reply;
import io.helidon.config.Config;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** The service as it runs, on ground of its own; with a bus and a database handle beside it to look at what it does. */
final class Running implements AutoCloseable {
    static final String PASSWORD = "correct horse battery";

    final Ground ground = Ground.open();
    final Bus bus;
    final Database database;
    final Api api;
    final Api internal;
    private final Node node;

    Running() {
        this(Map.of());
    }

    Running(Map<String, String> overrides) {
        Map<String, String> settings = ground.settings();
        settings.put("algorithm", "ES256");
        settings.putAll(overrides);
        Config config = Settings.load(AuthService.class, settings);
        node = Node.start(NodeConfig.from(config), List.of(AuthService.open(config)));
        api = new Api(URI.create("http://127.0.0.1:" + node.port()));
        internal = new Api(URI.create("http://127.0.0.1:" + node.internalPort()));
        bus = Bus.open(ground.config(), "test");
        bus.start();
        database = Database.open(ground.config(), "db/auth");
        database.start();
    }

    /** A username that nobody has. */
    static String name() {
        return "u-" + Uuid7.next().toString().substring(9, 36);
    }

    Reply register(String username) {
        return api.post("/api/auth/register", Map.of("username", username, "password", PASSWORD));
    }

    Reply register(Map<String, Object> fields) {
        Map<String, Object> body = new LinkedHashMap<>(Map.of("username", name(), "password", PASSWORD));
        body.putAll(fields);
        return api.post("/api/auth/register", body);
    }

    Reply login(String username, String password) {
        return api.post("/api/auth/login", Map.of("username", username, "password", password));
    }

    Reply refresh(JsonNode tokens) {
        return api.post(
                "/api/auth/refresh",
                Map.of("refresh_token", tokens.get("refresh_token").asString()));
    }

    Api as(JsonNode tokens) {
        return api.as(tokens.get("access_token").asString());
    }

    static UUID userId(Reply tokens) {
        return UUID.fromString(tokens.json().get("user").get("id").asString());
    }

    @Override
    public void close() {
        database.close();
        bus.close();
        node.close();
        ground.close();
    }
}
