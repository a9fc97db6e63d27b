package dev.natter.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
    private static final int TIMES = 100;

    @TempDir
    private Path folder;

    @Test
    void whatHasCrashedIsStartedAgain() {
        againAndAgain(Child::crash);
    }

    @Test
    void whatWasStoppedIsStartedAgain() {
        againAndAgain(Child::stop);
    }

    /** Between the end of a process and the JVM's knowing of it is a moment in which it looks alive. */
    private void againAndAgain(Consumer<Child> end) {
        try (Child child = new Child(
                new Child.Recipe("sleep", List.of("sleep", "60"), folder.resolve("log"), "TERM", () -> true))) {
            long before = 0;
            for (int i = 0; i < TIMES; i++) {
                child.start(Duration.ofSeconds(10));
                assertThat(child.pid()).isNotEqualTo(before);
                before = child.pid();
                end.accept(child);
                assertThat(child.alive()).isFalse();
            }
        }
    }
}
