package dev.natter.testing;

import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * The golden samples of what services say to each other, {@code contracts/samples}: what a reader is given, and what a
 * writer's real words are held against.
 */
public final class Samples {
    private static final Path FOLDER = Path.of("..", "contracts", "samples");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Samples() {}

    /**
     * A sample.
     *
     * @param name its name, as in {@code heads}
     * @return its JSON
     */
    public static JsonNode json(String name) {
        try {
            return Json.mapper().readTree(Files.readAllBytes(FOLDER.resolve(name + ".json")));
        } catch (IOException absent) {
            throw new UncheckedIOException(absent);
        }
    }

    /**
     * A sample of an event, as its owner would publish it.
     *
     * @param name its name
     * @param subject where it is published
     * @return the event
     */
    public static Outgoing event(String name, String subject) {
        JsonNode json = json(name);
        long seq = json.path("seq").asLong(json.path("version").asLong(0));
        return new Outgoing(subject, json.path("id").asString(""), seq, Json.bytes(json), null);
    }

    /**
     * Demands that an answer is one as in the sample: the same fields, of the same types. Where one of the two has
     * nothing, the other isn't looked at.
     *
     * @param name the sample
     * @param answer the real one
     * @throws AssertionError saying where they differ
     */
    public static void demandAlike(String name, Reply answer) {
        if (answer.status() != 200) {
            throw new AssertionError("Not answered: " + answer);
        }
        difference(json(name), answer.json(), name).ifPresent(where -> {
            throw new AssertionError(where + "\nsample: " + json(name) + "\nanswer: " + answer.text());
        });
    }

    private static Optional<String> difference(JsonNode sample, JsonNode real, String where) {
        if (sample.isNull() || real.isNull()) {
            return Optional.empty();
        }
        if (sample.getNodeType() != real.getNodeType()) {
            return Optional.of(where + " is " + real.getNodeType() + " instead of " + sample.getNodeType());
        }
        if (sample.isArray()) {
            return elements(sample, real, where + "[]");
        }
        return sample.isObject() ? fields(sample, real, where) : Optional.empty();
    }

    /** An object whose fields are ids is a map: what matters is what they lead to. */
    private static Optional<String> fields(JsonNode sample, JsonNode real, String where) {
        boolean isMap = sample.propertyNames().stream()
                .allMatch(name -> ID.matcher(name).matches());
        if (isMap) {
            return elements(sample, real, where + "{}");
        }
        if (!sample.propertyNames().equals(real.propertyNames())) {
            return Optional.of(where + " has " + real.propertyNames() + " instead of " + sample.propertyNames());
        }
        return sample.propertyNames().stream()
                .map(name -> difference(sample.get(name), real.get(name), where + "." + name))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Each must be like one of the sample's. */
    private static Optional<String> elements(JsonNode sample, JsonNode real, String where) {
        if (sample.isEmpty()) {
            return Optional.empty();
        }
        return stream(real)
                .map(element -> stream(sample)
                        .map(like -> difference(like, element, where))
                        .reduce((one, other) -> one.isEmpty() ? one : other)
                        .orElseThrow())
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Stream<JsonNode> stream(JsonNode container) {
        return StreamSupport.stream(container.spliterator(), false);
    }
}
