package dev.natter.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a Deployment or a StatefulSet makes.
 *
 * @param name of the workload
 * @param labels what selectors look at
 * @param spec the rest
 */
record Pod(String name, Map<String, String> labels, PodSpec spec) {
    static Pod of(String name, PodTemplateSpec template) {
        return new Pod(name, template.getMetadata().getLabels(), template.getSpec());
    }

    /** All pods have one. */
    Container container() {
        return spec.getContainers().getFirst();
    }

    /** Whether it runs one of the five services. */
    boolean service() {
        return container().getName().equals("service");
    }

    boolean hasPort(String port) {
        return container().getPorts().stream().map(ContainerPort::getName).anyMatch(port::equals);
    }

    boolean hasPort(int port) {
        return container().getPorts().stream().anyMatch(open -> open.getContainerPort() == port);
    }

    Stream<Probe> probes() {
        return Stream.of(
                        container().getStartupProbe(),
                        container().getLivenessProbe(),
                        container().getReadinessProbe())
                .filter(probe -> probe != null);
    }

    boolean fits(LabelSelector selector) {
        return fits(selector.getMatchLabels())
                && selector.getMatchExpressions().stream().allMatch(this::fits);
    }

    boolean fits(Map<String, String> wanted) {
        return wanted == null || labels.entrySet().containsAll(wanted.entrySet());
    }

    private boolean fits(LabelSelectorRequirement wanted) {
        if (!wanted.getOperator().equals("In")) {
            throw new IllegalArgumentException(wanted.getOperator() + " isn't used here yet");
        }
        return wanted.getValues().contains(labels.get(wanted.getKey()));
    }
}
