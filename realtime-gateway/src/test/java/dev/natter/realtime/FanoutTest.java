package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FanoutTest {
    private final Meters meters = new Meters(() -> 0, () -> 0, () -> 0, () -> 0, () -> 0);
    private final Backlog backlog = new Backlog(10_000_000, meters);
    private final Fanout fanout = new Fanout();
    private final AtomicInteger written = new AtomicInteger();
    private final Semaphore stuck = new Semaphore(0);

    @AfterEach
    void letGo() {
        stuck.release(1000);
        meters.close();
    }

    @Test
    void everySocketIsWritten() {
        var ready = new ArrayList<Outbound>();
        for (int i = 0; i < 1000; i++) {
            ready.add(offered(new Outbound(_ -> written.incrementAndGet(), () -> {}, 1000, backlog, meters)));
        }

        fanout.flush(ready);

        await().until(() -> written.get() == 1000);
    }

    @Test
    void socketsThatBlockHoldUpNobodyElse() {
        var ready = new ArrayList<Outbound>();
        for (int i = 0; i < 20; i++) {
            boolean blocks = i % 7 == 0;
            ready.add(offered(new Outbound(_ -> write(blocks), () -> {}, 1000, backlog, meters)));
        }

        fanout.flush(ready);

        await().until(() -> {
            fanout.rescue();
            return written.get() == 17;
        });
        assertThat(stuck.getQueueLength()).isEqualTo(3);
    }

    @Test
    void manySocketsThatBlockHoldUpNobodyForLong() {
        var ready = new ArrayList<Outbound>();
        for (int i = 0; i < 900; i++) {
            boolean blocks = i < 800;
            ready.add(offered(new Outbound(_ -> write(blocks), () -> {}, 1000, backlog, meters)));
        }
        var calls = new AtomicInteger();

        fanout.flush(ready);

        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            calls.incrementAndGet();
            fanout.rescue();
            return written.get() == 100;
        });
        assertThat(calls.get()).as("not one after the other").isLessThan(100);
    }

    private void write(boolean blocks) {
        if (blocks) {
            stuck.acquireUninterruptibly();
        }
        written.incrementAndGet();
    }

    private static Outbound offered(Outbound outbound) {
        outbound.offer(Frame.ping());
        return outbound;
    }
}
