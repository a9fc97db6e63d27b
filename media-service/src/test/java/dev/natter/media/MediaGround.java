package dev.natter.media;

import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.run.Node;
import dev.natter.platform.run.NodeConfig;
import dev.natter.platform.run.Settings;
import dev.natter.testing.Api;
import dev.natter.testing.Ground;
import dev.natter.testing.Reply;
import dev.natter.testing.StubPeer;
import dev.natter.testing.StubPeer.Answer;
import io.helidon.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** media-service running by itself, beside a message-service that says what the test wants. */
final class MediaGround implements AutoCloseable {
    final Ground ground = Ground.open();
    final StubPeer messageService = new StubPeer();
    final Path root;
    final Config config;
    private final Node node;
    private final Map<String, Message> messages = new ConcurrentHashMap<>();
    private final UUID chat = Uuid7.next();
    private final AtomicLong seq = new AtomicLong();

    /** Users for whom message-service says that nothing is there. */
    final UUID outsider = Uuid7.next();

    MediaGround(Map<String, String> overrides) {
        messageService.on("GET", "/internal/messages/([^/]+)", request -> {
            Message message = messages.get(request.path().group(1));
            boolean visible = message != null && !outsider.toString().equals(request.query("user_id"));
            return visible ? Answer.ok(message) : Answer.absent();
        });
        try {
            root = Files.createTempDirectory("natter-media");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Map<String, String> settings = ground.settings();
        settings.put("message.url", messageService.base().toString());
        settings.put("media.root", root.toString());
        settings.putAll(overrides);
        config = Settings.load(MediaService.class, settings);
        node = Node.start(NodeConfig.from(config), List.of(MediaService.open(config)));
    }

    int port() {
        return node.port();
    }

    Api anyone() {
        return new Api(URI.create("http://127.0.0.1:" + node.port()));
    }

    /** Another service, at the internal listener. */
    Api peer() {
        return new Api(URI.create("http://127.0.0.1:" + node.internalPort()))
                .with("Natter-Service", ground.secret().credential());
    }

    Api as(UUID userId) {
        return anyone().as(ground.token(userId));
    }

    /** A message that message-service knows. */
    MessageId message(UUID sender, Instant deletedAt) {
        return message(chat, sender, deletedAt);
    }

    MessageId message(UUID chat, UUID sender, Instant deletedAt) {
        var id = new MessageId(chat, seq.incrementAndGet());
        messages.put(
                id.toString(),
                new Message(
                        id,
                        chat,
                        id.seq(),
                        id.seq(),
                        Message.Type.text,
                        sender,
                        deletedAt == null ? "look" : null,
                        null,
                        List.of(),
                        null,
                        Instant.now(),
                        null,
                        deletedAt));
        return id;
    }

    MessageId message(UUID sender) {
        return message(sender, null);
    }

    Reply attach(UUID userId, MessageId message, Form form) {
        return as(userId).with("Content-Type", Form.TYPE).post("/api/messages/" + message + "/files", form.bytes());
    }

    /** Everything that lies below the root. */
    List<Path> stored() {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        node.close();
        messageService.close();
        ground.close();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
