package dev.natter.k8s;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** As much of the Prometheus Operator's kind as Natter uses. */
@JsonDeserialize(using = ValueDeserializer.None.class)
@Group("monitoring.coreos.com")
@Version("v1")
final class PrometheusRule extends Extension<PrometheusRule.Spec> {
    private static final long serialVersionUID = 1;

    /** Alerts, and what they stand on. */
    record Spec(List<Family> groups) {}

    /** Rules that are evaluated together. */
    record Family(String name, List<Rule> rules) {}

    /** Records a series, or raises an alert; {@code for} is a word of Java's. */
    record Rule(
            String record,
            String alert,
            String expr,
            @JsonProperty("for") String lasting,
            Map<String, String> labels,
            Map<String, String> annotations) {}
}
