package dev.natter.chat;

import dev.natter.contracts.Chat.Role;
import dev.natter.contracts.Internal.State;
import dev.natter.contracts.Internal.States;
import dev.natter.contracts.Internal.StatesQuery;
import dev.natter.contracts.Internal.UserIds;
import dev.natter.platform.run.Node;
import dev.natter.platform.run.NodeConfig;
import dev.natter.platform.run.Settings;
import dev.natter.testing.Api;
import dev.natter.testing.Ground;
import dev.natter.testing.Reply;
import dev.natter.testing.StubPeer;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** chat-service on a fresh ground, between an auth-service and a message-service that answer as the test says. */
final class ChatStage implements AutoCloseable {
    static final String EPOCH = "e1";

    /** What the stub of message-service knows; a chat that isn't here has no messages. */
    final Map<UUID, State> states = new ConcurrentHashMap<>();

    volatile boolean authDown;
    volatile boolean messageDown;

    final Ground ground = Ground.open();
    final StubPeer auth = new StubPeer();
    final StubPeer message = new StubPeer();
    private final Set<UUID> users = ConcurrentHashMap.newKeySet();
    private final Node node;

    ChatStage() {
        this(_ -> {});
    }

    /** On a ground where something was before. */
    ChatStage(Consumer<Ground> before) {
        before.accept(ground);
        auth.on("POST", "/internal/users/known", this::known);
        message.on("POST", "/internal/chats/states", this::states);
        Map<String, String> settings = ground.settings();
        settings.put("auth.url", auth.base().toString());
        settings.put("message.url", message.base().toString());
        var config = Settings.load(ChatService.class, settings);
        this.node = Node.start(NodeConfig.from(config), List.of(ChatService.open(config)));
    }

    private StubPeer.Answer known(StubPeer.Request request) {
        Set<UUID> ids = new HashSet<>(request.as(UserIds.class).ids());
        ids.retainAll(users);
        return authDown ? new StubPeer.Answer(503, null) : StubPeer.Answer.ok(new UserIds(ids));
    }

    private StubPeer.Answer states(StubPeer.Request request) {
        List<State> found = request.as(StatesQuery.class).chatIds().stream()
                .map(id -> states.getOrDefault(id, new State(id, 0, null, 0, 0)))
                .toList();
        return messageDown ? new StubPeer.Answer(503, null) : StubPeer.Answer.ok(new States(EPOCH, found));
    }

    /** Registers a user. */
    UUID user() {
        UUID id = UUID.randomUUID();
        users.add(id);
        return id;
    }

    Api nobody() {
        return new Api(URI.create("http://127.0.0.1:" + node.port()));
    }

    Api as(UUID user) {
        return nobody().as(ground.token(user));
    }

    Api internal() {
        return new Api(URI.create("http://127.0.0.1:" + node.internalPort()));
    }

    Api peer() {
        return internal().with("Natter-Service", ground.secret().credential());
    }

    /** Opens a group and gives its id. */
    UUID group(UUID owner, UUID... others) {
        JsonNode chat = as(owner)
                .post("/api/chats", Map.of("type", "group", "member_ids", List.of(others)))
                .json();
        return UUID.fromString(chat.path("id").asString());
    }

    /** Opens a direct chat and gives its id. */
    UUID direct(UUID one, UUID other) {
        JsonNode chat = as(one).post("/api/chats", Map.of("type", "direct", "member_ids", List.of(other)))
                .json();
        return UUID.fromString(chat.path("id").asString());
    }

    Reply adds(UUID who, UUID chatId, UUID... users) {
        return as(who).post("/api/chats/" + chatId + "/members", Map.of("user_ids", List.of(users)));
    }

    Reply removes(UUID who, UUID chatId, UUID whom) {
        return as(who).delete("/api/chats/" + chatId + "/members/" + whom);
    }

    Reply appoints(UUID who, UUID chatId, UUID whom, Role role) {
        return as(who).patch("/api/chats/" + chatId + "/members/" + whom, Map.of("role", role));
    }

    @Override
    public void close() {
        node.close();
        auth.close();
        message.close();
        ground.close();
    }
}
