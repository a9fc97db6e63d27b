package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The stories of the conformance kit are ones that Natter could tell: what is said in them is what the contracts say.
 */
class KitContractTest {
    private static final Path KIT = Path.of("..", "conformance", "kit");

    static Stream<Path> stories() throws IOException {
        try (Stream<Path> files = Files.list(KIT)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("stories")
    void whatIsSaidInAStoryIsWhatTheContractsSay(Path story) throws IOException {
        JsonNode steps = Contract.JSON.readTree(Files.readAllBytes(story)).get("steps");

        assertThat(steps).isNotEmpty();
        for (JsonNode step : steps) {
            // What a client doesn't know it ignores: that story is of frames that no contract knows.
            if (step.has("frame") && !story.endsWith("unknown.json")) {
                Protocol.natter().fromServer(step.get("frame"));
            }
            if (step.has("answer")) {
                conforms(step.get("answer"));
            }
            for (JsonNode next : step.path("next")) {
                if (next.has("send")) {
                    Protocol.natter().fromClient(next.get("send"));
                }
                if (next.has("get")) {
                    operation(next.get("get"));
                }
            }
        }
    }

    private static void conforms(JsonNode answer) {
        Operation operation = operation(answer.get("get"));
        JsonNode body = answer.path("body");
        if (answer.get("status").asInt() == 200) {
            Contract.natter()
                    .conforms(
                            operation.pointer() + "/responses/200/content/application~1json/schema",
                            body,
                            answer.toString());
        }
    }

    private static Operation operation(JsonNode address) {
        String path = address.asString().replaceAll("\\?.*", "");
        return Contract.natter()
                .operation("GET", path)
                .orElseThrow(() -> new AssertionError("The contract knows no GET " + address));
    }
}
