package dev.natter.realtime;

import static dev.natter.realtime.FrameRate.Verdict.FINE;
import static dev.natter.realtime.FrameRate.Verdict.REFUSED;
import static dev.natter.realtime.FrameRate.Verdict.TOO_MUCH;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FrameRateTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final FrameRate rate = new FrameRate(10, 3, 0);

    @Test
    void aBurstIsFineThenFramesAreRefusedThenItIsTooMuch() {
        assertThat(rate.take(0)).isEqualTo(FINE);
        assertThat(rate.take(0)).isEqualTo(FINE);
        assertThat(rate.take(0)).isEqualTo(FINE);
        assertThat(rate.take(0)).isEqualTo(REFUSED);
        assertThat(rate.retryAfterMillis()).isEqualTo(100);
        assertThat(rate.take(0)).isEqualTo(REFUSED);
        assertThat(rate.take(0)).isEqualTo(REFUSED);
        assertThat(rate.take(0)).isEqualTo(TOO_MUCH);
    }

    @Test
    void theBucketRefillsEvenly() {
        for (int i = 0; i < 1000; i++) {
            assertThat(rate.take(i * SECOND / 10)).isEqualTo(FINE);
        }
    }
}
