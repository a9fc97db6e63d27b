package dev.natter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldTest {
    @TempDir
    Path home;

    @Test
    void aSecondLauncherIsToldWhoHasTheFolderAndWhatToDo() {
        try (Hold first = Hold.take(home)) {
            assertThat(first.home()).isEqualTo(home);
            assertThatThrownBy(() -> Hold.take(home))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("already running on " + home)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("NATTER_HOME");
        }
    }

    @Test
    void aFolderThatWasLetGoCanBeTakenAgain() {
        Hold.take(home).close();

        Hold.take(home).close();
    }

    @Test
    void whatAKilledLauncherLeftRunningIsEnded() throws IOException, InterruptedException {
        Process orphan = sleeping(Hold.mark(home));
        Process stranger = sleeping(Hold.mark(home.resolve("other")));
        try (Hold hold = Hold.take(home)) {
            assertThat(orphan.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(hold.lock().isValid()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    private static Process sleeping(String argument) throws IOException {
        return new ProcessBuilder("/bin/sh", "-c", "sleep 60; :", argument).start();
    }
}
