package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.Internal.Membership;
import dev.natter.contracts.Internal.Seats;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Envelope;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.platform.run.Node;
import dev.natter.platform.run.NodeConfig;
import dev.natter.platform.run.Settings;
import dev.natter.testing.Api;
import dev.natter.testing.Ground;
import dev.natter.testing.Reply;
import dev.natter.testing.StubPeer;
import io.helidon.config.Config;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * message-service running alone, with a stand-in for chat-service, and three users: Ann, Bob, and Eve who is in no
 * chat.
 */
final class Running implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    final UUID ann = Uuid7.next();
    final UUID bob = Uuid7.next();
    final UUID eve = Uuid7.next();
    final Bus bus;
    final StubPeer chatService;
    final Database database;
    private final Map<UUID, Membership> chats = new ConcurrentHashMap<>();
    private final Ground ground = Ground.open();
    private final Config config;
    private final Node node;

    Running() {
        chatService = new StubPeer().on("GET", "/internal/chats/(.+)/members", request -> {
            Membership membership = chats.get(UUID.fromString(request.path().group(1)));
            return membership == null ? StubPeer.Answer.absent() : StubPeer.Answer.ok(membership);
        });
        chatService.on("POST", "/internal/seats", request -> StubPeer.Answer.ok(taken(request.as(Seats.class))));
        Map<String, String> settings = ground.settings();
        settings.put("chat.url", chatService.base().toString());
        config = Settings.load(MessageService.class, settings);
        node = another();
        bus = Bus.open(config, "test");
        bus.start();
        database = Database.open(config, "db/message");
        database.start();
    }

    @Override
    public void close() {
        node.close();
        bus.close();
        database.close();
        chatService.close();
        ground.close();
    }

    /** One more instance on the same database; the caller closes it. */
    Node another() {
        return Node.start(NodeConfig.from(config), List.of(MessageService.open(config)));
    }

    Node node() {
        return node;
    }

    Seats taken(Seats asked) {
        return new Seats(asked.seats().stream()
                .filter(seat -> Optional.ofNullable(chats.get(seat.chatId())).stream()
                        .flatMap(membership -> membership.members().stream())
                        .anyMatch(member -> member.userId().equals(seat.userId())))
                .toList());
    }

    Api as(UUID user) {
        return as(user, node);
    }

    Api as(UUID user, Node node) {
        return new Api(URI.create("http://127.0.0.1:" + node.port())).as(ground.token(user));
    }

    Api stranger() {
        return new Api(URI.create("http://127.0.0.1:" + node.internalPort()));
    }

    Api peer() {
        return stranger().with("Natter-Service", ground.secret().credential());
    }

    /** A chat of Ann, its owner, and Bob. */
    UUID chat() {
        return chat(members());
    }

    UUID chat(List<Chat.Member> members) {
        UUID id = Uuid7.next();
        chats.put(id, new Membership(id, 1, members));
        return id;
    }

    Membership membership(UUID chat) {
        return chats.get(chat);
    }

    static Chat.Member member(UUID user) {
        return new Chat.Member(user, Chat.Role.member, NOW);
    }

    List<Chat.Member> members() {
        return List.of(new Chat.Member(ann, Chat.Role.owner, NOW), member(bob));
    }

    /** Publishes what chat-service would. */
    void tell(ChatEvent event, UUID chat, long version) {
        bus.publish(Envelope.of(
                        new Outgoing(Subjects.of(chat, event), chat + ".v" + version, version, Json.bytes(event))))
                .join();
    }

    /** What chat-service answers from now on; null for a chat that isn't there. */
    void is(UUID chat, Membership membership) {
        if (membership == null) {
            chats.remove(chat);
        } else {
            chats.put(chat, membership);
        }
    }

    Reply send(UUID user, UUID chat, String content) {
        return as(user).post("/api/chats/" + chat + "/messages", Map.of("content", content));
    }

    /** Messages of Ann, past the lane, for speed. */
    void fill(UUID chat, int messages) {
        assertThat(send(ann, chat, "first").status()).isEqualTo(201);
        database.inTransaction(connection -> {
            try (var insert = connection.prepareStatement("""
                    WITH head AS (UPDATE chat_head SET seq = ? WHERE chat_id = ? RETURNING chat_id, seq)
                    INSERT INTO message (chat_id, seq, changed_seq, type, sender_id, content, created_at)
                    SELECT chat_id, n, n, 'text', ?, 'hello', now() FROM head, generate_series(2, head.seq) AS n""")) {
                insert.setInt(1, messages);
                insert.setObject(2, chat);
                insert.setObject(3, ann);
                return insert.executeUpdate();
            }
        });
    }

    /** chat-service has removed a member and says so. */
    void remove(UUID chat, long version, UUID user) {
        List<Chat.Member> left = chats.get(chat).members().stream()
                .filter(member -> !member.userId().equals(user))
                .toList();
        is(chat, new Membership(chat, version, left));
        tell(
                new ChatEvent.MemberRemoved(chat, version, "e" + version, NOW, user, left.size(), ann, Map.of()),
                chat,
                version);
    }

    /** A number from the service's own database. */
    long number(String sql, Object... parameters) {
        return database.read(connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < parameters.length; i++) {
                    statement.setObject(i + 1, parameters[i]);
                }
                try (var row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    static List<Long> seqs(Reply page) {
        List<Long> seqs = new ArrayList<>();
        page.json().forEach(message -> seqs.add(message.get("seq").asLong()));
        return seqs;
    }

    static String linkOf(Reply page) {
        String link = page.header("Link");
        assertThat(link).endsWith("; rel=\"next\"");
        return link.substring(1, link.indexOf('>'));
    }

    static List<Reply> concurrently(int times, IntFunction<Reply> request) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return IntStream.range(0, times)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> request.apply(i), threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        }
    }
}
