package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.local.Natter;
import dev.natter.local.Options;
import dev.natter.platform.db.DatabaseUrl;
import dev.natter.servers.NatsServer;
import dev.natter.servers.PostgresServer;
import dev.natter.testing.Socket;
import dev.natter.tests.Traces.Step;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/**
 * What those who run Natter see of it: five services with traffic under a real Prometheus and Alertmanager. A Natter of
 * its own, since its NATS is stopped.
 */
@Tag("e2e")
@Isolated("stops NATS")
class ObservabilityTest {
    private static final Path HOME = Arrangement.emptyFolder("observed");
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String SEND = "POST /api/chats/{chat_id}/messages";
    private static final Path DASHBOARD = Path.of("..", "deploy", "grafana", "dashboards", "natter.json");

    private static PostgresServer postgres;
    private static NatsServer nats;
    private static Natter natter;
    private static Monitoring monitoring;
    private static Traces traces;
    private static Person anna;
    private static Person boris;
    private static Socket socket;
    private static String chat;

    @BeforeAll
    static void start() {
        traces = new Traces();
        postgres = PostgresServer.durable(HOME.resolve("postgres"), 0);
        nats = NatsServer.durable(HOME.resolve("nats"), 0);
        natter = Natter.start(Options.in(HOME.resolve("natter"))
                .asSeparate()
                .with("database.url", postgres.url("natter"))
                .with("nats.url", nats.url())
                .with("otel.exporter.otlp.endpoint", traces.endpoint())
                .with("otel.bsp.schedule.delay", "200"));
        Map<String, URI> jobs = new LinkedHashMap<>();
        Stream.of("auth-service", "chat-service", "message-service", "media-service", "realtime-gateway")
                .forEach(job -> jobs.put(job, natter.internalUri(job.substring(0, job.indexOf('-')))));
        monitoring = new Monitoring(HOME.resolve("monitoring"), jobs);
        Client anyone = Client.anonymous(natter.baseUri());
        anna = Person.register(anyone, "anna");
        boris = Person.register(anyone, "boris");
        chat = anna.opensGroup("observed", boris);
        socket = boris.joins(chat);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : Stream.of(socket, monitoring, natter, nats, postgres, traces)
                .filter(started -> started != null)
                .toList()) {
            each.close();
        }
    }

    /** A little of everything that panels show. */
    private static void talk() {
        String message = anna.says(chat, "hello").id();
        anna.client()
                .put("/api/messages/" + message, Map.of("content", "hello again"))
                .is(200);
        anna.client().delete("/api/messages/" + message).is(204);
        boris.client().get("/api/chats").is(200);
        boris.client().get("/api/chats/" + chat + "/messages").is(200);
    }

    @Test
    void everyPanelOfTheDashboardHasData() throws IOException {
        Map<String, String> panels = queries();
        assertThat(panels).hasSizeGreaterThan(40);
        List<String> table = new ArrayList<>();
        for (Map.Entry<String, String> panel : panels.entrySet()) {
            List<JsonNode> samples = await(panel.getKey() + ": " + panel.getValue())
                    .atMost(SOON)
                    .until(
                            () -> {
                                talk();
                                return monitoring.query(panel.getValue());
                            },
                            found -> !found.isEmpty());
            table.add("%-50s %3d series, as %s"
                    .formatted(
                            panel.getKey(),
                            samples.size(),
                            samples.getFirst().at("/value/1").asString()));
        }
        Files.write(HOME.resolve("panels.txt"), table);
    }

    /** The dashboard's queries by panel, with Grafana's variables filled in. */
    private static Map<String, String> queries() throws IOException {
        Map<String, String> queries = new LinkedHashMap<>();
        for (JsonNode panel :
                Contract.JSON.readTree(Files.readString(DASHBOARD)).get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.put(
                        panel.get("title").asString() + ", "
                                + target.get("legendFormat").asString(),
                        target.get("expr")
                                .asString()
                                .replace("$__rate_interval", "20s")
                                .replace("$job", ".+"));
            }
        }
        return queries;
    }

    @Test
    void oneTraceShowsAMessageFromItsRequestToTheSocket() throws IOException {
        // A frame that finds somebody writing to its socket goes along with that write, and has none of its own.
        List<Step> trace = await().atMost(SOON)
                .until(
                        () -> {
                            Instant begin = Instant.now();
                            anna.says(chat, "to be traced");
                            return traceOfSend(begin, "receive natter.message.*.created", "apply chat-heads");
                        },
                        steps -> steps.stream().anyMatch(step -> step.name().equals("write")));

        Files.writeString(HOME.resolve("trace.txt"), Traces.tree(trace));
        assertThat(trace)
                .extracting(step -> step.service() + ": " + step.name() + " < " + nameOf(trace, step.parent()))
                .contains(
                        "message-service: " + SEND + " < ",
                        "message-service: commit < " + SEND,
                        "message-service: publish natter.message.*.created < commit",
                        "realtime-gateway: receive natter.message.*.created < publish natter.message.*.created",
                        "realtime-gateway: write < receive natter.message.*.created",
                        "chat-service: apply chat-heads < publish natter.message.*.created");
    }

    @Test
    void aMessageSentThroughASocketIsTracedFromTheFrameOn() {
        Instant begin = Instant.now();
        socket.send(Map.of("type", "send_message", "chat_id", chat, "content", "by socket"));
        socket.await("message_sent");

        String id = await().atMost(SOON)
                .until(() -> since(begin, "send_message"), found -> !found.isEmpty())
                .getFirst()
                .trace();
        List<Step> trace = await().atMost(SOON)
                .until(
                        () -> traces.of(id),
                        steps -> steps.stream().anyMatch(step -> step.name().startsWith("receive ")));
        assertThat(trace)
                .extracting(step -> step.service() + ": " + step.name() + " < " + nameOf(trace, step.parent()))
                .contains(
                        "realtime-gateway: send_message < ",
                        "realtime-gateway: ask message < send_message",
                        "message-service: POST /internal/chats/{chat_id}/messages < ask message",
                        "message-service: commit < POST /internal/chats/{chat_id}/messages",
                        "realtime-gateway: receive natter.message.*.created < publish natter.message.*.created");
    }

    @Test
    void aQuestionToAnotherServiceBelongsToTheTrace() {
        Instant begin = Instant.now();
        boris.client().get("/api/chats").is(200);

        Step request = await().atMost(SOON)
                .until(() -> since(begin, "GET /api/chats"), found -> !found.isEmpty())
                .getFirst();
        List<Step> trace = await().atMost(SOON)
                .until(
                        () -> traces.of(request.trace()),
                        steps -> steps.stream().anyMatch(step -> step.service().equals("message-service")));
        assertThat(trace)
                .extracting(step -> step.service() + ": " + step.name() + " < " + nameOf(trace, step.parent()))
                .contains(
                        "chat-service: ask message < GET /api/chats",
                        "message-service: POST /internal/chats/states < ask message");
    }

    @Test
    void noClientSaysWhatIsTraced() {
        Instant begin = Instant.now();
        String theirs = "0af7651916cd43dd8448eb211c80319c";
        anna.client()
                .get("/api/chats", Map.of("traceparent", "00-" + theirs + "-b7ad6b7169203331-01"))
                .is(200);

        await().atMost(SOON).until(() -> !since(begin, "GET /api/chats").isEmpty());
        assertThat(traces.of(theirs)).isEmpty();
    }

    /** The trace of the first send since then, once steps of these names are in it. */
    private static List<Step> traceOfSend(Instant begin, String... names) {
        String id = await().atMost(SOON)
                .until(() -> since(begin, SEND), found -> !found.isEmpty())
                .getFirst()
                .trace();
        return await().atMost(SOON)
                .until(
                        () -> traces.of(id),
                        trace -> trace.stream()
                                .map(Step::name)
                                .collect(Collectors.toSet())
                                .containsAll(Set.of(names)));
    }

    private static List<Step> since(Instant begin, String name) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(begin.toEpochMilli());
        return traces.named(name).stream().filter(step -> step.start() >= nanos).toList();
    }

    private static String nameOf(List<Step> trace, String id) {
        return trace.stream()
                .filter(step -> step.id().equals(id))
                .map(Step::name)
                .findFirst()
                .orElse("");
    }

    @Test
    void alertsFireWhileNatsIsAwayAndAReplicaIsHeldUpAndClearAfterwards() throws Exception {
        talk();
        await().atMost(SOON).until(() -> monitoring.alerts().isEmpty());

        Instant away;
        DatabaseUrl chats = DatabaseUrl.parse(postgres.url("natter_chat"));
        try (Connection lock = DriverManager.getConnection(chats.jdbc(), chats.user(), chats.password())) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("LOCK TABLE heads IN EXCLUSIVE MODE");
            talk();
            await().atMost(SOON).until(() -> monitoring.alerts().contains("NatterReplicaLagging chat-service"));
            nats.stop();
            away = Instant.now();
            anna.triesToSay(chat, "while NATS is away", "1").is(201);
            Set<String> expected = Set.of(
                    "NatterReplicaLagging chat-service",
                    "NatterOutboxStalled message-service",
                    "NatterNatsDown auth-service",
                    "NatterNatsDown chat-service",
                    "NatterNatsDown message-service",
                    "NatterNatsDown media-service",
                    "NatterNatsDown realtime-gateway");
            Set<String> seen = new TreeSet<>();
            List<String> log = new ArrayList<>();
            await().atMost(SOON).until(() -> {
                for (String alert : monitoring.alerts()) {
                    if (seen.add(alert)) {
                        log.add(Duration.between(away, Instant.now()).toMillis() + " ms after NATS: " + alert);
                    }
                }
                return seen.containsAll(expected);
            });
            assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(monitoring.suppressed()).containsOnly("NatterOutboxStalled", "NatterReplicaLagging");
            lock.rollback();
            Files.write(HOME.resolve("alerts.txt"), log);
        }
        nats.start();

        await().atMost(SOON).until(() -> monitoring.alerts().isEmpty());
        // What the relay publishes at last belongs to the trace of the request all the same.
        traceOfSend(away, "receive natter.message.*.created");
    }
}
