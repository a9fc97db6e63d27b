package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.Replica;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three NATS servers, as {@code deploy/compose.cluster.yaml} has them; traces; a backup, after which everything is lost
 * and restored. An installation of its own, since no other lives through that.
 */
@Tag("deploy")
class ClusterTest {
    private static final String NETWORK = "10.213.6";
    private static final List<String> SERVERS = List.of("nats", "nats-2", "nats-3");
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private static Traces traces;
    private static Compose compose;
    private static Person anna;
    private static Person boris;

    @BeforeAll
    static void start() throws IOException {
        traces = Traces.onEveryAddress();
        Path backups = Arrangement.emptyFolder("cluster-backups").toAbsolutePath();
        // To whom it belongs is the operator's to arrange; here anybody may write.
        Files.setPosixFilePermissions(backups, PosixFilePermissions.fromString("rwxrwxrwx"));
        compose = new Compose(
                "cluster",
                NETWORK,
                Map.of(
                        "COMPOSE_FILE", "compose.yaml:compose.cluster.yaml",
                        "NATTER_BACKUPS", backups.toString(),
                        "OTEL_EXPORTER_OTLP_ENDPOINT", traces.endpoint(NETWORK + ".1")));
        compose.start();
        Client anyone = Client.anonymous(compose.baseUri());
        anna = Person.register(anyone, "anna");
        boris = Person.register(anyone, "boris");
    }

    @AfterAll
    static void stop() {
        // What is in it belongs to the container's user.
        try (Traces _ = traces;
                Compose _ = compose) {
            compose.run("run", "--rm", "-T", "--entrypoint", "rm", "backup", "-rf", "/backups/monday");
        }
    }

    @Test
    void withOneOfThreeServersAwayMessagesAreSentAndHeard() {
        assertThat(streams("nats")).isNotEmpty().allSatisfy(stream -> {
            assertThat(stream.getConfiguration().getReplicas())
                    .as(stream.getConfiguration().getName())
                    .isEqualTo(3);
            assertThat(stream.getClusterInfo().getReplicas()).hasSize(2);
        });
        assertThat(compose.containers()).extracting(Container::service).containsAll(SERVERS);
        compose.containers().forEach(Container::demandBounds);
        String chat = anna.opensGroup("without a server", boris);
        try (Follower device = new Follower(boris).follows(chat).online()) {
            anna.says(chat, "before");
            hears(device, chat, 1);
            // The one that all others wait for.
            String leader = leaderOfMessages();
            compose.run("stop", leader);
            try {
                anna.says(chat, "meanwhile");
                hears(device, chat, 2);
            } finally {
                compose.run("start", leader);
            }
            await().atMost(RECOVERY)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(streams(leader))
                            .isNotEmpty()
                            .flatExtracting(stream -> stream.getClusterInfo().getReplicas())
                            .allMatch(Replica::isCurrent));
            anna.says(chat, "after");
            hears(device, chat, 3);
            assertThat(device.contents(chat)).containsExactly("before", "meanwhile", "after");
            assertThat(device.holes()).isEmpty();
        }
        await().atMost(RECOVERY)
                .until(() -> traces.named("write").stream()
                        .anyMatch(write -> traces.of(write.trace()).stream()
                                .anyMatch(step -> step.service().equals("message-service"))));
    }

    @Test
    void whatWasBackedUpIsThereAfterEverythingWasLostAndClientsLoadAgain() {
        String chat = anna.opensGroup("kept", boris);
        anna.says(chat, "kept");
        // Elsewhere, since it is a change of its own, which comes when it likes.
        String message = anna.says(anna.opensGroup("files", boris), "a file").id();
        Form form = new Form().file("file", "picture.png", "image/png", Picture.png(32, 32));
        String file = anna.client()
                .send("POST", "/api/messages/" + message + "/files", form.type(), form.bytes())
                .is(201)
                .list()
                .getFirst()
                .get("url")
                .asString();
        try (Follower device = new Follower(boris).follows(chat).online()) {
            hears(device, chat, 1);
            compose.run("run", "--rm", "-T", "backup", "backup", "/backups/monday");
            anna.says(chat, "lost");
            hears(device, chat, 2);

            compose.run("down", "-v", "-t", "0");
            compose.run("up", "-d", "--no-build", "postgres", "nats", "nats-2", "nats-3");
            awaitServers();
            compose.run("run", "--rm", "-T", "backup", "restore", "/backups/monday");
            compose.run("up", "-d", "--no-build");
            compose.awaitReady();

            hears(device, chat, 1);
            assertThat(device.resyncs()).contains("epoch");
            assertThat(device.contents(chat)).containsExactly("kept");
            assertThat(Client.anonymous(compose.baseUri()).get(file).is(200).body())
                    .isNotEmpty();
            anna.says(chat, "after all");
            hears(device, chat, 2);
            assertThat(device.contents(chat)).containsExactly("kept", "after all");
        }
    }

    /** What a restore asks of them at once. */
    private static void awaitServers() {
        await().atMost(RECOVERY).ignoreExceptions().untilAsserted(() -> {
            compose.exec("postgres", "pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres");
            assertThat(streams("nats")).isEmpty();
        });
    }

    private static void hears(Follower device, String chat, long seq) {
        await().atMost(RECOVERY).until(() -> device.isFollowing(chat) && device.isAt(chat, seq));
    }

    private static String leaderOfMessages() {
        return streams("nats").stream()
                .filter(stream -> stream.getConfiguration().getName().equals("natter-message"))
                .map(stream -> stream.getClusterInfo().getLeader())
                .findFirst()
                .orElseThrow();
    }

    /** Natter's streams, as one of the servers knows them. */
    private static List<StreamInfo> streams(String server) {
        try {
            Connection nats = Nats.connect(compose.natsUrl(server));
            try {
                return nats.jetStreamManagement().getStreams().stream()
                        .filter(stream -> stream.getConfiguration().getName().startsWith("natter-"))
                        .toList();
            } finally {
                nats.close();
            }
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
