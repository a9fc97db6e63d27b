package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.bench.Figure.Reference;
import dev.natter.bench.Figure.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ReportTest {
    private static final Scenario SENDS = new Scenario() {
        @Override
        public String name() {
            return "sends";
        }

        @Override
        public String about() {
            return "sends";
        }

        @Override
        public List<Figure> run(Ground ground) {
            return List.of();
        }
    };

    private final Report report = new Report();

    @Test
    void aTargetIsAboutTheRatioWhereThereIsAReference() {
        assertThat(sends(500, 200, 2).isMet()).isTrue();
        assertThat(sends(390, 200, 2).isMet()).isFalse();
    }

    @Test
    void aTargetIsAboutTheValueWhereThereIsNone() {
        var start = new Figure("start", 2.5, "s", null, new Target.AtMost(3));
        assertThat(start.isMet()).isTrue();
        assertThat(new Figure("start", 3.5, "s", null, start.target()).isMet()).isFalse();
    }

    @Test
    void theTableShowsTheRunOfTheMedianRatioWithItsOwnReference() {
        report.add(SENDS, List.of(sends(900, 300, 2)));
        report.add(SENDS, List.of(sends(100, 100, 2)));
        report.add(SENDS, List.of(sends(440, 200, 2)));

        assertThat(report.toString())
                .contains("| sends | 440/s    | 200/s pgbench | 2.20  | at least 2.00 x | met |")
                .doesNotContain("900");
        assertThat(report.isGood()).isTrue();
    }

    @Test
    void aReportThatMissesATargetIsNotGood() {
        report.add(SENDS, List.of(Figure.plain("other", 1, "ms"), sends(100, 100, 2)));

        assertThat(report.toString()).contains("missed");
        assertThat(report.isGood()).isFalse();
    }

    @Test
    void theFileKeepsEveryRun(@TempDir Path folder) throws Exception {
        report.add(SENDS, List.of(sends(900, 300, 2)));
        report.add(SENDS, List.of(sends(100, 100, 2)));

        Path file = folder.resolve("figures.json");
        report.keep(file);

        JsonNode runs = People.JSON
                .readTree(Files.readAllBytes(file))
                .path("scenarios")
                .path(0)
                .path("runs");
        assertThat(runs.path(0).path(0).path("ratio").asDouble()).isEqualTo(3);
        assertThat(runs.path(1).path(0).path("met").asBoolean(true)).isFalse();
    }

    private static Figure sends(double value, double reference, double bound) {
        return new Figure("sends", value, "/s", new Reference("pgbench", reference), new Target.AtLeast(bound));
    }
}
