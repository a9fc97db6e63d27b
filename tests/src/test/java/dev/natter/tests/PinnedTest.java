package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What others make changes beneath nobody's feet: it is named to the last digit, and everywhere the same. */
class PinnedTest {
    private static final Path ROOT = Path.of("..");

    @Test
    void imagesOfOthersAreOfExactVersions() throws IOException {
        Set<String> images = new TreeSet<>();
        for (String file : List.of("compose.yaml", "compose.cluster.yaml", "docker/Dockerfile")) {
            Pattern.compile("(?:IMAGE:-|IMAGE=)([^}\\s]+)")
                    .matcher(Files.readString(ROOT.resolve("deploy").resolve(file)))
                    .results()
                    .map(found -> found.group(1))
                    .filter(image -> !image.matches("(eclipse-temurin|debian):.*"))
                    .forEach(images::add);
        }

        assertThat(images).allMatch(image -> image.matches(".*:v?\\d+(\\.\\d+){1,2}"));
        assertThat(images.stream().map(image -> image.replaceFirst(":.*", "")))
                .containsExactlyInAnyOrder(
                        "postgres", "nats", "nginx", "prom/prometheus", "prom/alertmanager", "grafana/grafana");
    }
}
