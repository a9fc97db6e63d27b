package dev.natter.realtime;

import dev.natter.platform.run.Node;
import dev.natter.platform.run.NodeConfig;
import dev.natter.platform.run.Settings;
import dev.natter.testing.Api;
import dev.natter.testing.Ground;
import dev.natter.testing.Socket;
import io.helidon.config.Config;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The gateway running alone between a real NATS and a message-service that is a {@link LogStub}. */
final class Stage implements AutoCloseable {
    private final Ground ground = Ground.open();
    private final LogStub log = new LogStub(ground.nats().url());
    private final Map<String, String> settings;
    private Node node;

    private Stage(Map<String, String> overrides) {
        settings = new HashMap<>(ground.settings());
        settings.put("auth.url", log.base().toString());
        settings.put("chat.url", log.base().toString());
        settings.put("media.url", log.base().toString());
        settings.put("message.url", log.base().toString());
        settings.putAll(overrides);
        node = start();
    }

    static Stage open(String... overrides) {
        var map = new HashMap<String, String>();
        for (int i = 0; i < overrides.length; i += 2) {
            map.put(overrides[i], overrides[i + 1]);
        }
        return new Stage(map);
    }

    private Node start() {
        Config config = Settings.load(RealtimeService.class, settings);
        return Node.start(NodeConfig.from(config), List.of(RealtimeService.open(config)));
    }

    Ground ground() {
        return ground;
    }

    LogStub log() {
        return log;
    }

    Node node() {
        return node;
    }

    int port() {
        return node.port();
    }

    /** A second gateway, to be closed by the test. */
    Node another() {
        return start();
    }

    /** A socket at any gateway. */
    Socket socket(Node at, UUID userId) {
        URI uri = URI.create("ws://127.0.0.1:" + at.port() + "/ws/" + userId);
        Socket socket = Socket.open(uri, Map.of("Authorization", "Bearer " + ground.token(userId)));
        socket.await("hello");
        return socket;
    }

    /** Stops the gateway and starts another. */
    void restart() {
        node.close();
        node = start();
    }

    URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + node.port() + path);
    }

    URI http(String path) {
        return URI.create("http://127.0.0.1:" + node.port() + path);
    }

    Socket socket(UUID userId) {
        return socket(userId, "");
    }

    Socket socket(UUID userId, String query) {
        Socket socket =
                Socket.open(uri("/ws/" + userId + query), Map.of("Authorization", "Bearer " + ground.token(userId)));
        socket.await("hello");
        return socket;
    }

    RawSocket raw(UUID userId) {
        return RawSocket.open(node.port(), userId, ground.token(userId));
    }

    /** A figure of the node's metrics; 0 if it isn't there. */
    long metric(String beginning) {
        URI internal = URI.create("http://127.0.0.1:" + node.internalPort());
        return new Api(internal)
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(beginning))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** What a user says to enter a chat. */
    static Map<String, Object> join(UUID chatId) {
        return Map.of("type", "join_chat", "chat_id", chatId);
    }

    static Map<String, Object> join(UUID chatId, long since) {
        return Map.of("type", "join_chat", "chat_id", chatId, "since", since);
    }

    /** What a user says to be told who is online. */
    static Map<String, Object> asking(String ref, UUID... users) {
        return Map.of("type", "subscribe_presence", "ref", ref, "user_ids", List.of(users));
    }

    @Override
    public void close() {
        node.close();
        log.close();
        ground.close();
    }
}
