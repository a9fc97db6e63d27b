package dev.natter.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The folder {@code deploy}, and how its files are read. */
final class Tree {
    static final Path DEPLOY = Path.of("..").toAbsolutePath().normalize();
    static final YAMLMapper YAML = new YAMLMapper();

    private Tree() {}

    static String text(String file) {
        try {
            return Files.readString(DEPLOY.resolve(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static void write(String file, String text) {
        try {
            Files.writeString(DEPLOY.resolve(file), text);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** All documents of YAML text, those that hold nothing but comments left out. */
    static List<JsonNode> documents(String yaml) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return documents.readAll().stream()
                    .filter(document -> document != null && document.isObject())
                    .toList();
        }
    }

    /** The route table. */
    static List<Route> routes() {
        return YAML.readTree(text("routes.yaml"))
                .valueStream()
                .map(line -> new Route(
                        line.get("path").asString(),
                        line.get("service").asString(),
                        Optional.ofNullable(line.get("nginx")).map(JsonNode::asString)))
                .toList();
    }
}
