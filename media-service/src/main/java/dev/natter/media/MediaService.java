package dev.natter.media;

import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.MessageEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.bus.Replica;
import dev.natter.platform.db.Database;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Routes;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.run.Service;
import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.SignedUrl;
import dev.natter.platform.token.TokenVerifier;
import dev.natter.platform.trace.Tracer;
import io.helidon.config.Config;
import io.helidon.health.HealthCheck;
import java.time.Clock;
import java.util.List;

/** media-service: the files of messages and the pictures of users. */
public final class MediaService implements Service {
    private final MediaConfig config;
    private final TokenVerifier tokens;
    private final SharedSecret secret;
    private final Tracer tracer;
    private final Database database;
    private final Bus bus;
    private final Outbox outbox;
    private final DiskStore store;
    private final Files files;
    private final DeletedChats deletedChats;
    private final Replica deletions;
    private final Replica chatDeletions;
    private final Sweeper sweeper;
    private final FileApi fileApi;
    private final AvatarApi avatarApi;
    private final ServeApi serveApi;

    private MediaService(Config settings) {
        config = MediaConfig.from(settings);
        tokens = TokenVerifier.from(settings);
        secret = SharedSecret.from(settings);
        tracer = Tracer.from(settings, "media-service");
        database = Database.open(settings, "db/media");
        bus = Bus.open(settings, "media-service", tracer);
        outbox = new Outbox(database, bus, Subjects.FILES, Subjects.FILES_KEPT);
        deletions = new Replica(
                bus,
                "media-messages",
                Subjects.MESSAGES,
                Subjects.MESSAGES_KEPT,
                "natter.kept.message.deleted",
                this::forget);
        chatDeletions = new Replica(
                bus, "media-chats", Subjects.CHATS, Subjects.CHATS_KEPT, "natter.kept.chat.deleted", this::forgetChat);

        store = new DiskStore(config.root(), config.diskReserve());
        files = new Files(database);
        deletedChats = new DeletedChats(database);
        var avatars = new Avatars(database);
        var pictures = new Pictures(config.imagePermits());
        var signer = new SignedUrl(secret, Clock.systemUTC(), config.urlLifetime());
        var messages = new Peer("message", config.messageUrl(), secret);
        sweeper = new Sweeper(store, files, avatars, deletedChats, Clock.systemUTC());
        fileApi = new FileApi(config, store, pictures, files, outbox, messages, signer);
        avatarApi = new AvatarApi(config, store, pictures, avatars, outbox);
        serveApi = new ServeApi(store, files, avatars, signer);
    }

    /**
     * Makes the service; connects to nothing yet.
     *
     * @param settings its settings, see {@code application.yaml}
     * @return the service
     * @throws IllegalArgumentException naming the setting that makes no sense
     */
    public static MediaService open(Config settings) {
        return new MediaService(settings);
    }

    @Override
    public String name() {
        return "media";
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
        serveApi.routes(open);
        fileApi.routes(open);
        avatarApi.routes(open);
        internal.limits(() -> FileLimits.of(config, open.limits()));
    }

    @Override
    public void start() {
        database.start();
        bus.start();
        outbox.start();
        deletions.start();
        chatDeletions.start();
        sweeper.start(config.sweepEvery());
    }

    @Override
    public void drain() {
        deletions.close();
        chatDeletions.close();
        sweeper.close();
    }

    @Override
    public void close() {
        drain();
        outbox.close();
        bus.close();
        database.close();
    }

    @Override
    public List<HealthCheck> checks() {
        return List.of(database.check(), bus.check());
    }

    /** A deleted message's files go with it: rows first, so that bytes left behind by a crash are swept. */
    private void forget(Delivery delivery) {
        if (Json.parse(delivery.payload(), MessageEvent.class) instanceof MessageEvent.Deleted deleted) {
            files.bury(deleted.messageId()).forEach(id -> {
                store.delete(DiskStore.file(id));
                store.delete(DiskStore.thumbnail(id));
            });
        }
    }

    private void forgetChat(Delivery delivery) {
        if (Json.parse(delivery.payload(), ChatEvent.class) instanceof ChatEvent.Deleted deleted) {
            deletedChats.bury(deleted.chatId());
            sweeper.purgeSoon();
        }
    }
}
