package dev.natter.k8s;

import static java.util.stream.Collectors.toCollection;

import dev.natter.auth.AuthService;
import dev.natter.chat.ChatService;
import dev.natter.media.MediaService;
import dev.natter.message.MessageService;
import dev.natter.platform.http.EdgeConfig;
import dev.natter.platform.http.Listener;
import dev.natter.platform.http.Routes;
import dev.natter.platform.run.NodeConfig;
import dev.natter.platform.run.Service;
import dev.natter.platform.run.Settings;
import dev.natter.realtime.RealtimeService;
import io.helidon.config.Config;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The services as their code has them: what they answer, and what they can be told. */
enum Code {
    AUTH("auth-service", AuthService.class, AuthService::open),
    CHAT("chat-service", ChatService.class, ChatService::open),
    MESSAGE("message-service", MessageService.class, MessageService::open),
    MEDIA("media-service", MediaService.class, MediaService::open),
    REALTIME("realtime-gateway", RealtimeService.class, RealtimeService::open);

    private final String service;
    private final Class<?> home;
    private final Function<Config, Service> open;

    Code(String service, Class<?> home, Function<Config, Service> open) {
        this.service = service;
        this.home = home;
        this.open = open;
    }

    /** As in {@code chat-service}. */
    String service() {
        return service;
    }

    /** Its settings as they are when nobody says otherwise. */
    Map<String, String> defaults() {
        return Settings.load(home, Map.of()).asMap().get();
    }

    /** The largest body of a request that it takes when nobody says otherwise, bytes. */
    long maxBody() {
        return NodeConfig.from(Settings.load(home, Map.of())).maxPayload();
    }

    /** Whether it takes larger bodies than a service does that says nothing about them. */
    boolean takesUploads() {
        return maxBody() > NodeConfig.from(Config.empty()).maxPayload();
    }

    /** The largest body that any of them takes, bytes. */
    static long largestBody() {
        return Arrays.stream(values()).mapToLong(Code::maxBody).max().orElseThrow();
    }

    /** Which it is, as in {@code chat-service}. */
    static Code named(String service) {
        return Arrays.stream(values())
                .filter(code -> code.service.equals(service))
                .findFirst()
                .orElseThrow();
    }

    /** The paths of its public routes: in the launcher's one process too, they lead here. */
    SortedSet<String> paths(Path scratch) {
        Config config = Settings.load(
                home,
                Map.of(
                        "secret.key", "no secret at all, but long enough for one",
                        "database.url", "postgresql://nobody@127.0.0.1:1/nothing",
                        "nats.url", "nats://127.0.0.1:1",
                        "media.root", scratch.toString()));
        Service opened = open.apply(config);
        try {
            Routes routes = Listener.open(EdgeConfig.from(config), 1).routes(service, opened.tokens(), opened.secret());
            opened.routes(routes, Listener.internal(1).routes(service, opened.tokens(), opened.secret()));
            return routes.table().stream().map(Routes.Route::path).collect(toCollection(TreeSet::new));
        } finally {
            opened.close();
        }
    }

    /** Who answers which path, in the launcher's one process and everywhere else. */
    static Map<String, String> owners(Path scratch) {
        Map<String, String> owners = new TreeMap<>();
        for (Code code : values()) {
            for (String path : code.paths(scratch)) {
                String before = owners.put(path, code.service());
                if (before != null) {
                    throw new AssertionError(path + " is answered by " + before + " and by " + code.service());
                }
            }
        }
        return owners;
    }
}
