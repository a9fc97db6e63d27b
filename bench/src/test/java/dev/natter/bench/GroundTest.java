package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroundTest {
    @TempDir
    private Path folder;

    @Test
    void whatARunHasDrawnOutlivesItsData() throws Exception {
        var ground = new Ground(folder, folder.resolve("sends"), Duration.ofSeconds(1), 1, null);
        ground.in("postgres").clear();

        ground.draw(chart("first"));
        ground.clear();
        assertThat(folder.resolve("sends.svg")).content().contains("first");
        assertThat(folder.resolve("sends")).isEmptyDirectory();

        ground.draw(chart("second"));
        assertThat(folder.resolve("sends.svg")).content().contains("second").doesNotContain("first");
    }

    private static Chart chart(String title) {
        var waits = new Histogram(3);
        waits.recordValue(1_000_000);
        return Chart.latencies(title, List.of(Chart.slowest("sends", waits)));
    }
}
