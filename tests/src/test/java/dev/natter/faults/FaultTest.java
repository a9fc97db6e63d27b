package dev.natter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Natter under faults: nothing is lost, doubled, disordered, made up, or told to who may not hear it. */
@Tag("fault")
@ParameterizedClass(name = "{0}")
@MethodSource("shapes")
class FaultTest {
    private final Shape shape;

    FaultTest(Shape shape) {
        this.shape = shape;
    }

    static Stream<Shape> shapes() {
        String wanted = System.getProperty("faults.arrangement", "both").toUpperCase(Locale.ROOT);
        return wanted.equals("BOTH") ? Stream.of(Shape.values()) : Stream.of(Shape.valueOf(wanted));
    }

    @Test
    void everyPromiseHolds() {
        long seconds = Long.getLong("faults.seconds", 45);
        long seed = Long.getLong("faults.seed", System.nanoTime() & 0xFFFF_FFFFL);

        Report report = new FaultRun(shape, seed, Duration.ofSeconds(seconds)).go();

        assertThat(report.violations()).as(report::toString).isEqualTo(List.of());
    }
}
