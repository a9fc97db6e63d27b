package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.bench.Visitor.Wish;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VisitLogTest {
    private static final long MILLI = 1_000_000;

    private final long begin = System.nanoTime() + 10 * MILLI;
    private final VisitLog log = new VisitLog(begin, Duration.ofMillis(100));

    @Test
    void waitsCountFromTheWish() {
        log.answered(Wish.SEND, begin, begin + 20 * MILLI, 201);
        log.answered(Wish.SWITCH, begin + 50 * MILLI, begin + 150 * MILLI, 200);

        assertThat(log.answered()).isEqualTo(2);
        assertThat(log.mean()).isBetween(59.0, 61.0);
        assertThat(log.percentile(100)).isBetween(99.0, 101.0);
        assertThat(log.failed()).isZero();
    }

    @Test
    void whatWasWantedBeforeOrAfterIsPassedOver() {
        log.answered(Wish.SEND, begin - MILLI, begin + MILLI, 500);
        log.answered(Wish.SEND, begin + 100 * MILLI, begin + 101 * MILLI, 500);

        assertThat(log.answered()).isZero();
        assertThat(log.failed()).isZero();
    }

    @Test
    void onlyTheServersFailuresAreCounted() {
        log.answered(Wish.CHECK, begin, begin + MILLI, 499);
        log.answered(Wish.CHECK, begin, begin + MILLI, 503);

        assertThat(log.failed()).isEqualTo(1);
    }
}
