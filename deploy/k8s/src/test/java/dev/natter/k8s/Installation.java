package dev.natter.k8s;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The objects that a cluster would be given.
 *
 * @param name which installation
 * @param objects all of them
 */
record Installation(String name, List<HasMetadata> objects) {
    private static final Path K8S = Tree.DEPLOY.resolve("k8s");

    /**
     * Each way to put the folders together, as its files have it and, where kubectl is at hand, as kustomize renders
     * it.
     */
    static List<Installation> all() throws IOException {
        List<Installation> all = new ArrayList<>();
        for (Path folder : List.of(
                K8S.resolve("overlays/dev"),
                K8S.resolve("overlays/production"),
                together("gateway-api", "servers", "tracing"),
                together("ingress-regex", "servers"))) {
            String name = folder.getFileName().toString();
            all.add(new Installation(name, Strict.readAll(files(folder))));
            rendered(folder)
                    .map(objects -> new Installation(name + ", rendered", objects))
                    .forEach(all::add);
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

    /** A kustomization of the base and some components that no overlay has. */
    private static Path together(String... components) throws IOException {
        Path folder = Files.createDirectories(K8S.resolve("target/" + components[0]));
        StringBuilder text = new StringBuilder("resources: [../../base]\ncomponents:\n");
        for (String component : components) {
            text.append("  - ../../").append(component).append('\n');
        }
        Files.writeString(folder.resolve("kustomization.yaml"), text);
        return folder;
    }

    /** What a folder's kustomization and those that it names list, before anything is patched or generated. */
    private static List<JsonNode> files(Path folder) {
        JsonNode kustomization = Tree.YAML.readTree(folder.resolve("kustomization.yaml"));
        return Stream.concat(
                        kustomization.path("resources").valueStream(),
                        kustomization.path("components").valueStream())
                .map(entry -> folder.resolve(entry.asString()))
                .flatMap(entry -> Files.isDirectory(entry)
                        ? files(entry).stream()
                        : Tree.documents(Tree.text(entry.toString())).stream())
                .toList();
    }

    private static Stream<List<HasMetadata>> rendered(Path folder) throws IOException {
        Process kubectl;
        try {
            kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException absent) {
            System.err.println("NOT RENDERED, since there is no kubectl here: " + folder);
            return Stream.empty();
        }
        String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (kubectl.waitFor() != 0) {
                throw new AssertionError("kubectl kustomize " + folder + " failed");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(interrupted));
        }
        return Stream.of(Strict.readAll(Tree.documents(text)));
    }
}
