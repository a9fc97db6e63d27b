package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.local.Alone;
import dev.natter.local.Part;
import dev.natter.servers.Child;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** A rolling update of the gateway: of two behind nginx one is told to stop, as Kubernetes does it. */
@ExtendWith(Arrangement.Curtain.class)
@Tag("e2e")
@Tag("fault")
@Isolated("changes the nginx that other tests need")
class GatewayHandoverTest {
    private static final int CLIENTS = 20;
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Pattern SOCKETS = Pattern.compile("(?m)^natter_realtime_sockets\\S* ([0-9.]+)");

    private final World world = Arrangement.SEPARATE.world();
    private final Path home = ((Local) world.natter()).home().toAbsolutePath();
    private final Path upstreams = home.resolve("nginx/upstreams.conf");
    private final Person anna = world.person("anna");
    private final Person boris = world.person("boris");
    private final URI open = URI.create("http://127.0.0.1:" + Monitoring.freePort());
    private final URI internal = URI.create("http://127.0.0.1:" + Monitoring.freePort());
    private final Child second = new Alone(Part.REALTIME, home, settings()).child("realtime-gateway-2");
    private String before;

    @BeforeEach
    void putTheSecondBehindNginx() throws IOException {
        second.start(SOON, 1);
        before = Files.readString(upstreams);
        String both = before.replaceFirst(
                "(upstream realtime \\{\\s+server [^;]+;)",
                "$1 server " + Matcher.quoteReplacement(open.getAuthority()) + ";");
        assertThat(both).isNotEqualTo(before);
        nginxWith(both);
    }

    @AfterEach
    void takeItAwayAgain() throws IOException {
        second.close();
        nginxWith(before);
    }

    @Test
    void theSocketsOfAGatewayThatIsReplacedMoveToTheOtherAndMissNothing() {
        String chat = anna.opensGroup("handed over", boris);
        List<Follower> clients = Stream.generate(
                        () -> new Follower(boris).follows(chat).online())
                .limit(CLIENTS)
                .toList();
        try {
            allAt(clients, chat, 0);
            assertThat(sockets(internal)).isBetween(1.0, CLIENTS - 1.0);

            int[] said = {0};
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(second::stop);
            await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> {
                anna.says(chat, "message " + ++said[0]);
                return stopped.isDone();
            });
            anna.says(chat, "afterwards");

            allAt(clients, chat, said[0] + 1);
            assertThat(said[0]).as("said while it stopped").isGreaterThan(5);
            assertThat(clients).allSatisfy(client -> {
                assertThat(client.holes()).isEmpty();
                assertThat(client.resyncs()).isEmpty();
            });
            assertThat(sockets(world.natter().internalUri("realtime"))).isGreaterThanOrEqualTo(CLIENTS);
        } finally {
            clients.forEach(Follower::close);
        }
    }

    private static void allAt(List<Follower> clients, String chat, long seq) {
        await().atMost(SOON)
                .until(() -> IntStream.range(0, CLIENTS)
                        .allMatch(client -> clients.get(client).isAt(chat, seq)));
    }

    private double sockets(URI gateway) {
        Matcher found = SOCKETS.matcher(new Client(world.anonymous().http(), gateway, null)
                .raw("GET", "/metrics", Map.of(), BodyPublishers.noBody())
                .text());
        assertThat(found.find()).isTrue();
        return Double.parseDouble(found.group(1));
    }

    /** nginx with these upstreams, once it answers. */
    private void nginxWith(String text) throws IOException {
        Files.writeString(upstreams, text);
        world.natter().crash("nginx");
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> world.anonymous().get("/api/limits").status() == 200);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        for (Part part : Part.values()) {
            settings.put(
                    part.key() + ".url", world.natter().internalUri(part.key()).toString());
        }
        settings.put("token.jwks.url", settings.get("auth.url") + "/.well-known/jwks.json");
        settings.put("nats.url", world.natter().natsUrl());
        settings.put("secret.key", secret());
        settings.put("server.host", open.getHost());
        settings.put("server.port", "" + open.getPort());
        settings.put("server.trusted.proxies", "127.0.0.1");
        settings.put("server.shutdown.delay", "1");
        settings.put("internal.host", internal.getHost());
        settings.put("internal.port", "" + internal.getPort());
        return settings;
    }

    private String secret() {
        Properties secrets = new Properties();
        try (Reader file = Files.newBufferedReader(home.resolve("secrets.properties"))) {
            secrets.load(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return secrets.getProperty("secret.key");
    }
}
