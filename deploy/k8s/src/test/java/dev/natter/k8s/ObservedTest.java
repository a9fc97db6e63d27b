package dev.natter.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What those who run an installation see of it, and what it is scaled by. */
@ParameterizedClass(name = "{0}")
@MethodSource("installations")
record ObservedTest(Installation installation) {
    private static final List<String> SERVICES =
            Arrays.stream(Code.values()).map(Code::service).toList();
    private static final Pattern JOB = Pattern.compile("job=\"([^\"]*)\"");

    @Test
    void eachServiceIsScrapedAsTheJobOfItsName() {
        for (PodMonitor monitor : installation.all(PodMonitor.class)) {
            List<Pod> watched = installation.pods().stream()
                    .filter(pod -> pod.fits(monitor.spec().selector()))
                    .toList();
            assertThat(watched)
                    .extracting(pod -> pod.labels().get(monitor.spec().jobLabel()))
                    .containsExactlyInAnyOrderElementsOf(SERVICES);
            monitor.spec()
                    .podMetricsEndpoints()
                    .forEach(endpoint -> assertThat(watched).allMatch(pod -> pod.hasPort(endpoint.port())));
        }
    }

    @Test
    void whatIsScrapedRaisesAlertsAboutJobsThatThereAre() {
        assertThat(installation.all(PrometheusRule.class)).hasSameSizeAs(installation.all(PodMonitor.class));
        for (PrometheusRule rules : installation.all(PrometheusRule.class)) {
            Set<String> jobs = new TreeSet<>();
            rules.spec().groups().stream()
                    .flatMap(group -> group.rules().stream())
                    .flatMap(rule -> JOB.matcher(rule.expr()).results())
                    .forEach(found -> jobs.add(found.group(1)));
            assertThat(jobs).containsExactlyInAnyOrderElementsOf(SERVICES);
        }
    }

    @Test
    void whoIsTracedReachesTheCollectorAndNobodyElseDoes() {
        Map<String, String> settings = installation.settings();
        Optional<URI> collector =
                Optional.ofNullable(settings.get("OTEL_EXPORTER_OTLP_ENDPOINT")).map(URI::create);
        Set<String> wanted = new TreeSet<>();
        collector.ifPresent(uri -> {
            String namespace = uri.getHost().substring(uri.getHost().indexOf('.') + 1);
            SERVICES.forEach(service -> wanted.add(service + " -> " + namespace + ":" + uri.getPort()));
        });

        // Files that nobody has put together have the policy, but no settings.
        if (!settings.isEmpty()) {
            assertThat(Traffic.of(installation).toElsewhere())
                    .filteredOn(way -> way.endsWith(":4318"))
                    .containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    @Test
    void whatIsScaledByIsAMetric() {
        for (HorizontalPodAutoscaler scaler : installation.all(HorizontalPodAutoscaler.class)) {
            String target = scaler.getSpec().getScaleTargetRef().getName();
            assertThat(installation.has(Deployment.class, target)).isTrue();
            String told = Tree.text("../" + target + "/README.md");
            String rule = Tree.text("k8s/autoscaling/adapter-rule.yaml");
            // Once the files are put together: or each kubectl apply would undo what was scaled.
            assertThat(installation.all(Deployment.class))
                    .filteredOn(made -> Installation.name(made).equals(target))
                    .allMatch(made ->
                            installation.settings().isEmpty() || made.getSpec().getReplicas() == null);
            scaler.getSpec().getMetrics().forEach(metric -> {
                String name = metric.getPods().getMetric().getName();
                assertThat(told).contains("`" + name + "`");
                assertThat(rule).contains("seriesQuery: " + name + "{");
            });
        }
    }

    static List<Installation> installations() throws IOException {
        return Installation.all();
    }
}
