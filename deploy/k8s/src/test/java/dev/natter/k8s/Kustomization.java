package dev.natter.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A folder for {@code kubectl apply -k}. What kubectl makes of it is kept in a file, so that it is tested on machines
 * that have none, too: the file says what it was made of.
 */
record Kustomization(Path folder) {
    private static final Path K8S = Tree.DEPLOY.resolve("k8s");

    /** What is seen through: whatever else kustomize knows may read files that {@link #digest} would pass over. */
    private static final Set<String> KNOWN = Set.of(
            "apiVersion",
            "kind",
            "namespace",
            "resources",
            "components",
            "configMapGenerator",
            "replicas",
            "patches",
            "images");

    /** Each way to put the folders together: the overlays, and the base with components that no overlay has. */
    static List<Kustomization> all() throws IOException {
        return List.of(
                new Kustomization(K8S.resolve("overlays/dev")),
                new Kustomization(K8S.resolve("overlays/production")),
                together("gateway-api", "servers", "tracing"),
                together("ingress-regex", "servers"));
    }

    private static Kustomization together(String... components) throws IOException {
        Path folder = Files.createDirectories(K8S.resolve("target/" + components[0]));
        StringBuilder text = new StringBuilder("resources: [../../base]\ncomponents:\n");
        for (String component : components) {
            text.append("  - ../../").append(component).append('\n');
        }
        Files.writeString(folder.resolve("kustomization.yaml"), text);
        return new Kustomization(folder);
    }

    String name() {
        return folder.getFileName().toString();
    }

    /** Where what kubectl makes of it is kept. */
    String file() {
        return "k8s/rendered/" + name() + ".yaml";
    }

    /** The first line of that file. */
    String heading() {
        return "# Made by kubectl kustomize of files whose SHA-256 is %s; routes.yaml says how.\n".formatted(digest());
    }

    /** The objects that it and those that it names list, before anything is patched or generated. */
    List<JsonNode> objects() {
        return resources()
                .flatMap(entry -> Files.isDirectory(entry)
                        ? new Kustomization(entry).objects().stream()
                        : Tree.documents(Tree.text(entry.toString())).stream())
                .toList();
    }

    /** What kubectl makes of it now, where there is one. */
    Optional<String> rendered() throws IOException {
        Process kubectl;
        try {
            kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException absent) {
            return Optional.empty();
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
        return Optional.of(text);
    }

    /** Of everything that kubectl reads, names and contents. */
    private String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path source : sources()) {
                digest.update((Tree.DEPLOY.relativize(source) + "\n").getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(source));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private SortedSet<Path> sources() {
        SortedSet<Path> sources = new TreeSet<>();
        sources.add(text());
        resources().forEach(entry -> {
            if (Files.isDirectory(entry)) {
                sources.addAll(new Kustomization(entry).sources());
            } else {
                sources.add(entry);
            }
        });
        for (JsonNode generator : read().path("configMapGenerator")) {
            Stream.concat(
                            generator.path("files").valueStream(),
                            generator.path("envs").valueStream())
                    .map(file -> file.asString().replaceFirst("^[^/=]+=", ""))
                    .forEach(file -> sources.add(folder.resolve(file).normalize()));
        }
        return sources;
    }

    private Stream<Path> resources() {
        return Stream.of("resources", "components")
                .flatMap(list -> read().path(list).valueStream())
                .map(entry -> folder.resolve(entry.asString()).normalize());
    }

    private Path text() {
        return folder.resolve("kustomization.yaml");
    }

    private JsonNode read() {
        JsonNode read = Tree.YAML.readTree(text());
        if (!KNOWN.containsAll(read.propertyNames()) || read.path("patches").findValue("path") != null) {
            throw new IllegalArgumentException(text() + " has something that isn't used here yet");
        }
        return read;
    }
}
