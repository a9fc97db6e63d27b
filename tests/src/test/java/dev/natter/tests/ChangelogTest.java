package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A release moves what isn't released yet below its version: there must be such a place. */
class ChangelogTest {
    @ParameterizedTest
    @ValueSource(
            strings = {".", "auth-service", "chat-service", "message-service", "media-service", "realtime-gateway"})
    void aChangelogHasAPlaceForWhatIsNotReleasedYet(String folder) throws IOException {
        assertThat(Files.readAllLines(Path.of("..", folder, "CHANGELOG.md")))
                .filteredOn(line -> line.startsWith("## "))
                .first()
                .isEqualTo("## Unreleased");
    }
}
