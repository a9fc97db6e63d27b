package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgbenchTest {
    @Test
    void itsLogSaysHowLongEachTransactionTook(@TempDir Path folder) throws Exception {
        Path log = Files.writeString(folder.resolve("pgbench.1"), """
                0 1 300 0 1767323045 678901
                0 2 310 0 1767323045 679301
                0 3 12000 0 1767323045 691401
                """);

        var waits = Pgbench.logged(log);

        assertThat(waits.getTotalCount()).isEqualTo(3);
        assertThat(waits.getValueAtPercentile(50) / 1e6).isBetween(0.309, 0.311);
        assertThat(waits.getMaxValue() / 1e6).isBetween(11.9, 12.1);
    }
}
