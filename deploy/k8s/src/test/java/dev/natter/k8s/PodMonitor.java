package dev.natter.k8s;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** As much of the Prometheus Operator's kind as Natter uses. */
@JsonDeserialize(using = ValueDeserializer.None.class)
@Group("monitoring.coreos.com")
@Version("v1")
final class PodMonitor extends Extension<PodMonitor.Spec> {
    private static final long serialVersionUID = 1;

    /** Which pods, what of them, and which of their labels says what job they are. */
    record Spec(String jobLabel, LabelSelector selector, List<Endpoint> podMetricsEndpoints) {}

    /** A port by its name. */
    record Endpoint(String port, String path, String interval) {}
}
