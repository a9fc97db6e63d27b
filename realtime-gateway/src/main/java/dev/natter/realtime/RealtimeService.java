package dev.natter.realtime;

import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Routes;
import dev.natter.platform.run.Service;
import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.TokenVerifier;
import dev.natter.platform.trace.Tracer;
import io.helidon.config.Config;
import io.helidon.health.HealthCheck;
import io.helidon.http.Method;
import io.helidon.webserver.websocket.WsRouting;
import java.util.List;
import java.util.Map;

/** Realtime gateway: the open WebSockets, and the changes of chats on their way to them. Has no database. */
public final class RealtimeService implements Service {
    private static final String SOCKET_PATH = "/ws/{user_id}";

    private final RealtimeConfig config;
    private final TokenVerifier tokens;
    private final SharedSecret secret;
    private final Tracer tracer;
    private final Bus bus;
    private final Sockets sockets;
    private final Rooms rooms;
    private final Sightings sightings;
    private final ChatNews news;
    private final EndedSessions ended;
    private final Handshake handshake;
    private final LimitsApi limits;
    private final Heartbeat heartbeat;
    private final Meters meters;

    private RealtimeService(RealtimeConfig config, Tracer tracer, Bus bus, TokenVerifier tokens, SharedSecret secret) {
        this.config = config;
        this.tracer = tracer;
        this.bus = bus;
        this.tokens = tokens;
        this.secret = secret;
        var auth = new Peer("auth", config.authUrl(), secret);
        var messages = new Peer("message", config.messageUrl(), secret);
        var dataset = new Dataset(messages);
        var backfill = new Backfill(messages, dataset, config.pageSize());
        var fanout = new Fanout();
        var memory = new Memory(config.memoryBytes());
        this.meters = new Meters(this::open, this::watched, this::seen, this::waiting, memory::used);
        var chats = new Peer("chat", config.chatUrl(), secret);
        this.sightings = new Sightings(config, bus, chats, fanout);
        this.sockets = new Sockets(config, fanout, new Backlog(config.backlogBytes(), meters), sightings);
        var membership = new Membership(chats);
        this.rooms = new Rooms(bus, new Room.Means(config, backfill, membership, fanout, memory, meters));
        var boxes = new Boxes(chats, bus, fanout, meters);
        this.news = new ChatNews(membership, rooms, boxes, sightings);
        var guard = new Guard(membership, rooms, boxes);
        this.ended = new EndedSessions(sockets, auth);
        var admission = new Admission(tokens, auth, ended);
        var means = new Conversation.Means(
                config,
                admission,
                tracer,
                bus,
                messages,
                chats,
                rooms,
                boxes,
                membership,
                backfill,
                dataset,
                sightings);
        this.handshake = new Handshake(config, admission, sockets, meters, socket -> new Conversation(socket, means));
        this.limits = new LimitsApi(
                Map.of(
                        "users",
                        auth,
                        "chats",
                        chats,
                        "messages",
                        messages,
                        "files",
                        new Peer("media", config.mediaUrl(), secret)),
                ServerFrame.Limits.of(config));
        this.heartbeat =
                new Heartbeat(sockets, fanout, rooms::tick, boxes::tick, guard::tick, ended::tick, sightings::tick);
        dataset.onChange(this::beginAnew);
        bus.onGap(guard::doubt);
        bus.onGap(ended::doubt);
        bus.onGap(sightings::doubt);
    }

    /**
     * Wires the service.
     *
     * @param config its settings
     * @return the service, not yet started
     */
    public static RealtimeService open(Config config) {
        var tracer = Tracer.from(config, "realtime-gateway");
        return new RealtimeService(
                RealtimeConfig.from(config),
                tracer,
                Bus.open(config, "realtime-gateway", tracer),
                TokenVerifier.from(config),
                SharedSecret.from(config));
    }

    @Override
    public String name() {
        return "realtime";
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
        open.anonymous(Method.GET, SOCKET_PATH, handshake::explain);
        limits.routes(open);
    }

    @Override
    public void sockets(WsRouting.Builder endpoints) {
        endpoints.endpoint(SOCKET_PATH, handshake);
    }

    @Override
    public void start() {
        bus.start();
        ended.listen(bus);
        bus.subscribe(Subjects.CHATS_ALL, news::arrived);
        sightings.listen(bus);
        heartbeat.start();
    }

    @Override
    public void drain() {
        sockets.drain(config.closeTimeout().toMillis());
    }

    @Override
    public void close() {
        heartbeat.close();
        sightings.close();
        rooms.forget();
        meters.close();
        bus.close();
    }

    @Override
    public List<HealthCheck> checks() {
        return List.of(bus.check());
    }

    private long open() {
        return sockets.size();
    }

    private long watched() {
        return rooms.size();
    }

    private long seen() {
        return sightings.watched();
    }

    private long waiting() {
        return sockets.backlog().bytes();
    }

    private void beginAnew() {
        rooms.forget();
        sockets.restart();
    }
}
