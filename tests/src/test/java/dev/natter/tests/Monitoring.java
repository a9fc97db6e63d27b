package dev.natter.tests;

import dev.natter.servers.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A real Prometheus that scrapes a running Natter once a second, with the rules of {@code deploy/prometheus}, and a
 * real Alertmanager that it tells of alerts. Nothing waits out a rule's {@code for}, which is minutes.
 */
final class Monitoring implements AutoCloseable {
    private static final Path DEPLOYED = Path.of("..", "deploy", "prometheus");
    private static final Path DASHBOARD = Path.of("..", "deploy", "grafana", "dashboards", "natter.json");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final Client prometheus;
    private final Client alertmanager;
    private final List<Child> children;

    /**
     * Starts both.
     *
     * @param folder where their data, configuration and logs lie
     * @param jobs the internal listener of each job
     */
    Monitoring(Path folder, Map<String, URI> jobs) {
        this.folder = folder.toAbsolutePath();
        this.prometheus = Client.anonymous(URI.create("http://127.0.0.1:" + freePort()));
        this.alertmanager = Client.anonymous(URI.create("http://127.0.0.1:" + freePort()));
        configure(jobs);
        Child alerts = child(
                "prometheus-alertmanager",
                alertmanager,
                "--config.file=" + DEPLOYED.resolve("alertmanager.yml").toAbsolutePath(),
                "--storage.path=" + this.folder.resolve("alertmanager"),
                "--cluster.listen-address=");
        Child metrics = child(
                "prometheus",
                prometheus,
                "--config.file=" + this.folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + this.folder.resolve("prometheus"));
        this.children = List.of(metrics, alerts);
        alerts.start(PATIENCE, 1);
        metrics.start(PATIENCE, 1);
    }

    private void configure(Map<String, URI> jobs) {
        String scraped = jobs.entrySet().stream()
                .map(job -> """
                          - job_name: %s
                            static_configs: [{ targets: ["%s"] }]
                        """.formatted(job.getKey(), job.getValue().getAuthority())
                        .indent(2))
                .collect(Collectors.joining());
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("rules.yml"),
                    Files.readString(DEPLOYED.resolve("rules.yml")).replaceAll("for: \\d+[smh]", "for: 1s"));
            Files.writeString(folder.resolve("prometheus.yml"), """
                    global: { scrape_interval: 1s, evaluation_interval: 1s }
                    rule_files: [rules.yml]
                    alerting: { alertmanagers: [{ static_configs: [{ targets: ["%s"] }] }] }
                    scrape_configs:
                    %s""".formatted(
                            alertmanager.base().getAuthority(), scraped));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private Child child(String program, Client at, String... options) {
        List<String> command = new java.util.ArrayList<>(
                List.of(program, "--web.listen-address=" + at.base().getAuthority(), "--log.level=warn"));
        command.addAll(List.of(options));
        return new Child(new Child.Recipe(
                program, command, folder.resolve(program + ".log"), "TERM", Map.of(), () -> isReady(at)));
    }

    private static boolean isReady(Client at) {
        try {
            return ask(at, "/-/ready").status() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private static Answer ask(Client at, String path) {
        return at.raw("GET", path, Map.of(), BodyPublishers.noBody());
    }

    /** The dashboard's queries by panel, with Grafana's variables filled in. */
    static Map<String, String> queriesOfTheDashboard() throws IOException {
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

    /** What a query answers now: the samples that are numbers. */
    List<JsonNode> query(String expression) {
        Answer answer = ask(prometheus, "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        return answer.is(200)
                .json()
                .at("/data/result")
                .valueStream()
                .filter(sample -> !sample.at("/value/1").asString().equals("NaN"))
                .toList();
    }

    /** The alerts that Alertmanager holds, each as its name and the job that it is about. */
    Set<String> alerts() {
        return ask(alertmanager, "/api/v2/alerts")
                .is(200)
                .json()
                .valueStream()
                .map(alert -> alert.at("/labels/alertname").asString() + " "
                        + alert.at("/labels/job").asString())
                .collect(Collectors.toSet());
    }

    /** Of these, those that aren't told anybody, since another says it all. */
    Set<String> suppressed() {
        return ask(alertmanager, "/api/v2/alerts?active=false&inhibited=true")
                .is(200)
                .json()
                .valueStream()
                .map(alert -> alert.at("/labels/alertname").asString())
                .collect(Collectors.toSet());
    }

    static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    @Override
    public void close() {
        children.forEach(Child::close);
    }
}
