package dev.natter.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Old and new versions of services run side by side: what a released one says this one understands, and what this one
 * says a released one does. {@code released} holds the samples as they were, by release.
 */
class ReleasedTest {
    static List<Path> released() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("released"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("released")
    void whatAReleasedVersionWritesIsReadAndNothingOfItIsLost(Path file) throws IOException {
        JsonNode old = SamplesTest.JSON.readTree(Files.readAllBytes(file));
        Class<?> type = SamplesTest.type(name(file));
        assertThat(type).as("what reads " + file).isNotNull();

        Object read = SamplesTest.JSON.treeToValue(old, type);

        JsonNode again =
                SamplesTest.JSON.readTree(SamplesTest.JSON.writerFor(type).writeValueAsBytes(read));
        demandKept(old, again, true, file.toString());
    }

    @ParameterizedTest
    @MethodSource("released")
    void whatThisVersionWritesHasEverythingThatAReleasedOneKnows(Path file) throws IOException {
        JsonNode old = SamplesTest.JSON.readTree(Files.readAllBytes(file));
        JsonNode now =
                SamplesTest.JSON.readTree(Files.readAllBytes(Path.of("samples").resolve(file.getFileName())));

        demandKept(old, now, false, file.toString());
    }

    private static void demandKept(JsonNode old, JsonNode now, boolean alsoValues, String where) {
        if (!old.isNull() && !now.isNull()) {
            assertThat(now.getNodeType()).as(where).isEqualTo(old.getNodeType());
        }
        if (old.isObject() && now.isObject()) {
            for (String field : old.propertyNames()) {
                assertThat(now.has(field)).as(where + "." + field + " is there").isTrue();
                demandKept(old.get(field), now.get(field), alsoValues, where + "." + field);
            }
        } else if (old.isArray() && now.isArray()) {
            for (int i = 0; i < Math.min(old.size(), now.size()); i++) {
                demandKept(old.get(i), now.get(i), alsoValues, where + "[" + i + "]");
            }
        } else if (alsoValues) {
            assertThat(now).as(where).isEqualTo(old);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".json", "");
    }
}
