package dev.natter.k8s;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/** A kind that isn't Kubernetes's own: what is the same for all of them. */
abstract class Extension<S> implements HasMetadata {
    private static final long serialVersionUID = 1;

    private ObjectMeta metadata;
    private String apiVersion;
    private String kind;
    private transient S spec;

    S spec() {
        return spec;
    }

    /** For Jackson. */
    public void setSpec(S spec) {
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
