package dev.natter.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    @Test
    void whatAStallHoldsUpIsTimedFromWhenItShouldHaveBegun() throws IOException {
        var loop = new OpenLoop(100, Duration.ZERO, Duration.ofMillis(300));
        var ends = loop.ends(1);

        var taken = loop.run(
                number -> {
                    if (number == 0) {
                        stall();
                    }
                    ends.done(number);
                },
                ends);

        assertThat(taken.getTotalCount()).isEqualTo(30);
        // The tenth should have begun after 100 ms and could begin only after 200.
        long heldUp = taken.getTotalCount() - taken.getCountBetweenValues(0, STALL_NANOS / 2);
        assertThat(heldUp).isGreaterThanOrEqualTo(10);
    }

    @Test
    void somethingIsDoneWhenItIsDoneForTheLastTime() throws IOException {
        var loop = new OpenLoop(10, Duration.ZERO, Duration.ofMillis(100));
        var ends = loop.ends(2);

        var taken = loop.run(
                number -> {
                    ends.done(number);
                    stall();
                    ends.done(number);
                },
                ends);

        assertThat(taken.getMaxValue()).isGreaterThanOrEqualTo(STALL_NANOS / 2);
    }

    @Test
    void whatCannotBeBegunIsTold() {
        var loop = new OpenLoop(10, Duration.ZERO, Duration.ofMillis(100));

        assertThatThrownBy(() -> loop.run(
                        number -> {
                            throw new IOException("number " + number);
                        },
                        loop.ends(1)))
                .hasMessage("number 0");
    }

    private static void stall() {
        for (long end = System.nanoTime() + STALL_NANOS; System.nanoTime() < end; ) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
