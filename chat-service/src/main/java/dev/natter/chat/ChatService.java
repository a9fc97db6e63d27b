package dev.natter.chat;

import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Replica;
import dev.natter.platform.db.Database;
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

/** The service that owns chats: which there are, who is in them, and in which order their members see them. */
public final class ChatService implements Service {
    private final Database database;
    private final Bus bus;
    private final Outbox outbox;
    private final Activity activity;
    private final Replica heads;
    private final ChatApi chatApi;
    private final MemberApi memberApi;
    private final InternalApi internalApi;
    private final TokenVerifier tokens;
    private final SharedSecret secret;
    private final Tracer tracer;

    private ChatService(
            Database database,
            Bus bus,
            Outbox outbox,
            Activity activity,
            Replica heads,
            ChatApi chatApi,
            MemberApi memberApi,
            InternalApi internalApi,
            TokenVerifier tokens,
            SharedSecret secret,
            Tracer tracer) {
        this.database = database;
        this.bus = bus;
        this.outbox = outbox;
        this.activity = activity;
        this.heads = heads;
        this.chatApi = chatApi;
        this.memberApi = memberApi;
        this.internalApi = internalApi;
        this.tokens = tokens;
        this.secret = secret;
        this.tracer = tracer;
    }

    /**
     * Wires the service; connects to nothing yet.
     *
     * @param config its settings
     * @return the service
     */
    public static ChatService open(Config config) {
        var settings = ChatConfig.from(config);
        var secret = SharedSecret.from(config);
        var tokens = TokenVerifier.from(config);
        var signer = new SignedUrl(secret, Clock.systemUTC(), settings.fileUrlLifetime());
        var users = new KnownUsers(new Peer("auth", settings.auth(), secret));
        var message = new Peer("message", settings.message(), secret);

        var database = Database.open(config, "db/chat");
        var tracer = Tracer.from(config, "chat-service");
        var bus = Bus.open(config, "chat-service", tracer);
        var outbox = new Outbox(database, bus, Subjects.CHATS, Subjects.CHATS_KEPT);
        var chats = new Chats(database);
        var members = new Members(database);
        var boxes = new Boxes(database);
        var views = new Views(message, signer);
        var chatApi = new ChatApi(database, outbox, chats, boxes, views, users, settings.membersMax());
        var memberApi = new MemberApi(outbox, members, users, settings.membersMax());
        var internalApi = new InternalApi(chats, members, boxes);
        var activity = new Activity(database, bus, signer);
        var heads = Replica.inBatches(
                bus,
                "chat-heads",
                Subjects.MESSAGES,
                Subjects.MESSAGES_KEPT,
                Subjects.MESSAGES_KEPT,
                new Heads(database, activity)::apply);
        return new ChatService(
                database, bus, outbox, activity, heads, chatApi, memberApi, internalApi, tokens, secret, tracer);
    }

    @Override
    public String name() {
        return "chat";
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
        chatApi.routes(open);
        memberApi.routes(open);
        internalApi.routes(internal);
        internal.limits(() -> chatApi.limits(open.limits()));
    }

    @Override
    public void start() {
        database.start();
        bus.start();
        outbox.start();
        activity.start();
        heads.start();
    }

    @Override
    public void close() {
        heads.close();
        activity.close();
        outbox.close();
        bus.close();
        database.close();
    }

    @Override
    public List<HealthCheck> checks() {
        return List.of(database.check(), bus.check());
    }
}
