package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.tests.Traces.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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

    private static Observed observed;

    @BeforeAll
    static void start() {
        observed = new Observed(HOME);
    }

    @AfterAll
    static void stop() {
        if (observed != null) {
            observed.close();
        }
    }

    @Test
    void everyPanelOfTheDashboardHasData() throws IOException {
        Map<String, String> panels = Monitoring.queriesOfTheDashboard();
        assertThat(panels).hasSizeGreaterThan(40);
        List<String> table = new ArrayList<>();
        for (Map.Entry<String, String> panel : panels.entrySet()) {
            List<JsonNode> samples = await(panel.getKey() + ": " + panel.getValue())
                    .atMost(SOON)
                    .until(
                            () -> {
                                observed.talk();
                                return observed.monitoring().query(panel.getValue());
                            },
                            found -> !found.isEmpty());
            table.add("%-50s %3d series, as %-24s %s"
                    .formatted(
                            panel.getKey(),
                            samples.size(),
                            samples.getFirst().at("/value/1").asString(),
                            panel.getValue()));
        }
        Files.write(HOME.resolve("panels.txt"), table);
    }

    @Test
    void oneTraceShowsAMessageFromItsRequestToTheSocket() throws IOException {
        // A frame that finds somebody writing to its socket goes along with that write, and has none of its own.
        List<Step> trace = await().atMost(SOON)
                .until(
                        () -> {
                            Instant begin = Instant.now();
                            observed.anna().says(observed.chat(), "to be traced");
                            return traceOfSend(begin, "receive natter.message.*.created", "apply chat-heads");
                        },
                        steps -> steps.stream().anyMatch(step -> step.name().equals("write")));

        Files.writeString(HOME.resolve("trace.txt"), Traces.tree(trace));
        assertThat(trace)
                .extracting(step -> step.service() + ": " + step.name() + " < " + Traces.nameOf(trace, step.parent()))
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
        observed.socket().send(Map.of("type", "send_message", "chat_id", observed.chat(), "content", "by socket"));
        observed.socket().await("message_sent");

        String id = await().atMost(SOON)
                .until(() -> observed.traces().since(begin, "send_message"), found -> !found.isEmpty())
                .getFirst()
                .trace();
        List<Step> trace = await().atMost(SOON)
                .until(
                        () -> observed.traces().of(id),
                        steps -> steps.stream().anyMatch(step -> step.name().startsWith("receive ")));
        assertThat(trace)
                .extracting(step -> step.service() + ": " + step.name() + " < " + Traces.nameOf(trace, step.parent()))
                .contains(
                        "realtime-gateway: send_message < ",
                        "realtime-gateway: ask message < send_message",
                        "message-service: POST /internal/chats/{chat_id}/messages < ask message",
                        "message-service: commit < POST /internal/chats/{chat_id}/messages",
                        "realtime-gateway: receive natter.message.*.created < publish natter.message.*.created");
    }

    @Test
    void aLineOfTheLogNamesTheRequestAndItsTrace() {
        String request = "to-be-found-" + System.nanoTime();
        String path = "/api/chats/" + observed.chat() + "/messages";
        observed.anna()
                .client()
                .post(path, Map.of("X-Request-Id", request), Map.of("content", "to be found"))
                .is(201);

        Path log = HOME.resolve("natter/logs/message-service.log");
        JsonNode line = await().atMost(SOON)
                .until(
                        () -> Files.readAllLines(log).stream()
                                .filter(each -> each.contains(request))
                                .findFirst(),
                        Optional::isPresent)
                .map(Contract.JSON::readTree)
                .orElseThrow();
        assertThat(line.get("request_id").asString()).isEqualTo(request);
        assertThat(line.get("path").asString()).isEqualTo(path);
        String trace = line.get("trace_id").asString();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(observed.traces().of(trace))
                        .extracting(Step::name)
                        .contains(SEND));
    }

    @Test
    void aQuestionToAnotherServiceBelongsToTheTrace() {
        Instant begin = Instant.now();
        observed.boris().client().get("/api/chats").is(200);

        Step request = await().atMost(SOON)
                .until(() -> observed.traces().since(begin, "GET /api/chats"), found -> !found.isEmpty())
                .getFirst();
        List<Step> trace = await().atMost(SOON)
                .until(
                        () -> observed.traces().of(request.trace()),
                        steps -> steps.stream().anyMatch(step -> step.service().equals("message-service")));
        assertThat(trace)
                .extracting(step -> step.service() + ": " + step.name() + " < " + Traces.nameOf(trace, step.parent()))
                .contains(
                        "chat-service: ask message < GET /api/chats",
                        "message-service: POST /internal/chats/states < ask message");
    }

    @Test
    void noClientSaysWhatIsTraced() {
        Instant begin = Instant.now();
        String theirs = "0af7651916cd43dd8448eb211c80319c";
        observed.anna()
                .client()
                .get("/api/chats", Map.of("traceparent", "00-" + theirs + "-b7ad6b7169203331-01"))
                .is(200);

        await().atMost(SOON)
                .until(() -> !observed.traces().since(begin, "GET /api/chats").isEmpty());
        assertThat(observed.traces().of(theirs)).isEmpty();
    }

    /** The trace of the first send since then, once steps of these names are in it. */
    private static List<Step> traceOfSend(Instant begin, String... names) {
        String id = await().atMost(SOON)
                .until(() -> observed.traces().since(begin, SEND), found -> !found.isEmpty())
                .getFirst()
                .trace();
        return await().atMost(SOON)
                .until(
                        () -> observed.traces().of(id),
                        trace -> trace.stream()
                                .map(Step::name)
                                .collect(Collectors.toSet())
                                .containsAll(Set.of(names)));
    }

    @Test
    void alertsFireWhileNatsIsAwayAndAReplicaIsHeldUpAndClearAfterwards() throws Exception {
        observed.talk();
        await().atMost(SOON).until(() -> observed.monitoring().alerts().isEmpty());

        Instant away;
        try (Connection lock = observed.database("natter_chat")) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("LOCK TABLE heads IN EXCLUSIVE MODE");
            observed.talk();
            await().atMost(SOON)
                    .until(() -> observed.monitoring().alerts().contains("NatterReplicaLagging chat-service"));
            observed.nats().stop();
            away = Instant.now();
            observed.anna()
                    .triesToSay(observed.chat(), "while NATS is away", "1")
                    .is(201);
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
                for (String alert : observed.monitoring().alerts()) {
                    if (seen.add(alert)) {
                        log.add(Duration.between(away, Instant.now()).toMillis() + " ms after NATS: " + alert);
                    }
                }
                return seen.containsAll(expected);
            });
            assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(observed.monitoring().suppressed()).containsOnly("NatterOutboxStalled", "NatterReplicaLagging");
            lock.rollback();
            Files.write(HOME.resolve("alerts.txt"), log);
        }
        observed.nats().start();

        await().atMost(SOON).until(() -> observed.monitoring().alerts().isEmpty());
        // What the relay publishes at last belongs to the trace of the request all the same.
        traceOfSend(away, "receive natter.message.*.created");
    }

    @Test
    void anAlertFiresWhenTheOutboxStallsAndClearsAfterwards() throws Exception {
        observed.talk();
        await().atMost(SOON).until(() -> observed.monitoring().alerts().isEmpty());

        observed.refuseMessages(true);
        try (Connection database = observed.database("natter_message")) {
            Instant stalled = Instant.now();
            observed.anna().says(observed.chat(), "while nobody takes it");
            // Ten seconds would have to pass.
            database.createStatement()
                    .execute("UPDATE outbox SET created_at = created_at - interval '1 minute'"
                            + " WHERE published_at IS NULL AND stream_seq IS NULL");
            await().atMost(SOON)
                    .until(() -> observed.monitoring().alerts().contains("NatterOutboxStalled message-service"));
            assertThat(observed.monitoring().suppressed()).isEmpty();
            assertThat(observed.monitoring().alerts()).doesNotContain("NatterNatsDown message-service");
            String fired = Duration.between(stalled, Instant.now()).toMillis() + " ms: NatterOutboxStalled fires";

            observed.refuseMessages(false);
            await().atMost(SOON).until(() -> observed.monitoring().alerts().isEmpty());
            String cleared = Duration.between(stalled, Instant.now()).toMillis() + " ms: no alerts any more";
            Files.write(HOME.resolve("outbox.txt"), List.of(fired, cleared));
        }
    }
}
