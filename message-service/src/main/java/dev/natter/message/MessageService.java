package dev.natter.message;

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

/** message-service: the timelines of all chats. Reading {@link #open} is reading the service. */
public final class MessageService implements Service {
    private final TokenVerifier tokens;
    private final SharedSecret secret;
    private final Tracer tracer;
    private final Database database;
    private final Bus bus;
    private final Outbox outbox;
    private final CommitLanes lanes;
    private final Tidings tidings;
    private final Upkeep upkeep;
    private final Replica members;
    private final Replica attachments;
    private final MessageApi messageApi;
    private final HistoryApi historyApi;
    private final ReadApi readApi;
    private final InternalApi internalApi;

    private MessageService(Config settings) {
        var config = MessageConfig.from(settings);
        tokens = TokenVerifier.from(settings);
        secret = SharedSecret.from(settings);
        tracer = Tracer.from(settings, "message-service");
        database = Database.open(settings, "db/message");
        bus = Bus.open(settings, "message-service", tracer);
        outbox = new Outbox(database, bus, Subjects.MESSAGES, Subjects.MESSAGES_KEPT);

        var signer = new SignedUrl(secret, Clock.systemUTC(), config.fileUrlLifetime());
        var history = new History(database, signer);
        var unreads = new Unreads(database, signer);
        tidings = new Tidings(bus, unreads);
        var roll = new Roll(database);
        var inquiry = new Inquiry(new Peer("chat", config.chatUrl(), secret), roll);
        var access = new Members(database, inquiry);
        lanes = new CommitLanes(new Timeline(outbox, signer, Clock.systemUTC())::commit, config);
        upkeep = new Upkeep(inquiry, roll, new Purge(database));
        members = new Replica(
                bus, "message-members", Subjects.CHATS, Subjects.CHATS_KEPT, Subjects.CHATS_KEPT, delivery -> {
                    if (roll.apply(delivery)) {
                        upkeep.wake();
                    }
                });
        attachments = new Replica(
                bus,
                "message-files",
                Subjects.FILES,
                Subjects.FILES_KEPT,
                "natter.kept.file.attached",
                new Attachments(lanes)::apply);

        messageApi = new MessageApi(lanes, access, history);
        historyApi = new HistoryApi(access, history);
        readApi = new ReadApi(access, history, new Reads(database), unreads, tidings);
        internalApi = new InternalApi(access, history, unreads);
    }

    /**
     * Makes the service; connects to nothing yet.
     *
     * @param settings its settings, see {@code application.yaml}
     * @return the service
     * @throws IllegalArgumentException naming the setting that makes no sense
     */
    public static MessageService open(Config settings) {
        return new MessageService(settings);
    }

    @Override
    public String name() {
        return "message";
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
        messageApi.routes(open, internal);
        historyApi.routes(open);
        readApi.routes(open, internal);
        internalApi.routes(internal);
        internal.limits(() -> new MessageLimits(MessageApi.MAX_CONTENT, MessageApi.MAX_CLIENT_ID, open.limits()));
    }

    @Override
    public void start() {
        database.start();
        bus.start();
        outbox.start();
        tidings.start();
        upkeep.start();
        members.start();
        attachments.start();
    }

    /** The replicas first, since attachments go through the lanes. */
    @Override
    public void close() {
        attachments.close();
        members.close();
        upkeep.close();
        lanes.close();
        tidings.close();
        outbox.close();
        bus.close();
        database.close();
    }

    @Override
    public List<HealthCheck> checks() {
        return List.of(database.check(), bus.check());
    }
}
