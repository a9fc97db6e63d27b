package dev.natter.k8s;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The objects that a cluster would be given.
 *
 * @param name which installation
 * @param objects all of them
 */
record Installation(String name, List<HasMetadata> objects) {
    /** Each way to put the folders together, as its files have it and as kustomize renders it. */
    static List<Installation> all() throws IOException {
        List<Installation> all = new ArrayList<>();
        for (Kustomization made : Kustomization.all()) {
            all.add(new Installation(made.name(), Strict.readAll(made.objects())));
            all.add(new Installation(
                    made.name() + ", rendered", Strict.readAll(Tree.documents(Tree.text(made.file())))));
        }
        return all;
    }

    <T> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<Pod> pods() {
        return Stream.concat(
                        all(Deployment.class).stream()
                                .map(made -> Pod.of(name(made), made.getSpec().getTemplate())),
                        all(StatefulSet.class).stream()
                                .map(made -> Pod.of(name(made), made.getSpec().getTemplate())))
                .toList();
    }

    boolean has(Class<? extends HasMetadata> type, String name) {
        return all(type).stream().anyMatch(object -> name(object).equals(name));
    }

    /** What all services are told here; nothing in files that kustomize hasn't put together. */
    Map<String, String> settings() {
        return all(ConfigMap.class).stream()
                .filter(made -> name(made).startsWith("natter-"))
                .findFirst()
                .map(ConfigMap::getData)
                .orElse(Map.of());
    }

    static String name(HasMetadata object) {
        return object.getMetadata().getName();
    }

    @Override
    public String toString() {
        return name;
    }
}
