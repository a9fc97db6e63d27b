package dev.natter.k8s;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** As much of the Prometheus Operator's kind as Natter uses. */
@JsonDeserialize(using = ValueDeserializer.None.class)
@Group("monitoring.coreos.com")
@Version("v1")
final class PodMonitor implements HasMetadata {
    private static final long serialVersionUID = 1;

    private ObjectMeta metadata;
    private String apiVersion;
    private String kind;
    private Spec spec;

    /** Which pods, and what of them. */
    record Spec(LabelSelector selector, List<Endpoint> podMetricsEndpoints) {}

    /** A port by its name. */
    record Endpoint(String port, String path, String interval) {}

    Spec spec() {
        return spec;
    }

    /** For Jackson. */
    public void setSpec(Spec spec) {
        this.spec = spec;
    }

    @Override
    public ObjectMeta getMetadata() {
        return metadata;
    }

    @Override
    public void setMetadata(ObjectMeta metadata) {
        this.metadata = metadata;
    }

    @Override
    public String getApiVersion() {
        return apiVersion;
    }

    @Override
    public void setApiVersion(String apiVersion) {
        this.apiVersion = apiVersion;
    }

    @Override
    public String getKind() {
        return kind;
    }

    /** For Jackson. */
    public void setKind(String kind) {
        this.kind = kind;
    }
}
