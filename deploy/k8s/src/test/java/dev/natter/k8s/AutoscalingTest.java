package dev.natter.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What prometheus-adapter asks Prometheus by our rule, asked of Prometheus's own engine. */
class AutoscalingTest {
    /** Two instances of an installation as a PodMonitor's samples have them, and one of another. */
    private static final String TEST = """
            rule_files: []
            tests:
              - interval: 1m
                input_series:
                  - {series: 'natter_realtime_sockets{namespace="natter", pod="a", job="realtime-gateway", instance="1"}', values: 12000x5}
                  - {series: 'natter_realtime_sockets{namespace="natter", pod="b", job="realtime-gateway", instance="2"}', values: 8000x5}
                  - {series: 'natter_realtime_sockets{namespace="other", pod="a", job="realtime-gateway", instance="3"}', values: 7x5}
                  - {series: 'natter_realtime_sockets{job="realtime-gateway", instance="4"}', values: 9x5}
                promql_expr_test:
                  - expr: 'count(%s)'
                    eval_time: 3m
                    exp_samples: [{labels: '{}', value: 3}]
                  - expr: '%s'
                    eval_time: 3m
                    exp_samples: [{labels: '{pod="a"}', value: 12000}, {labels: '{pod="b"}', value: 8000}]
            """;

    @TempDir
    Path folder;

    @Test
    void eachPodHasTheNumberOfItsSockets() throws Exception {
        JsonNode rule = Tree.YAML
                .readTree(Tree.text("k8s/autoscaling/adapter-rule.yaml"))
                .at("/rules/0");
        Path test = folder.resolve("test.yml");
        Files.writeString(test, TEST.formatted(rule.get("seriesQuery").asString(), query(rule)));

        Process promtool = new ProcessBuilder("promtool", "test", "rules", test.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(promtool.waitFor()).as(said).isZero();
    }

    /** As the adapter fills it in, to learn of two pods at once. */
    private static String query(JsonNode rule) {
        return rule.get("metricsQuery")
                .asString()
                .replace("<<.Series>>", rule.get("seriesQuery").asString().replaceFirst("\\{.*", ""))
                .replace(
                        "<<.LabelMatchers>>",
                        "%s=\"natter\",%s=~\"a|b\"".formatted(label(rule, "namespace"), label(rule, "pod")))
                .replace("<<.GroupBy>>", label(rule, "pod"));
    }

    /** The label that the rule says a resource's name is in. */
    private static String label(JsonNode rule, String resource) {
        return rule.at("/resources/overrides")
                .propertyStream()
                .filter(each -> each.getValue().get("resource").asString().equals(resource))
                .findFirst()
                .orElseThrow()
                .getKey();
    }
}
