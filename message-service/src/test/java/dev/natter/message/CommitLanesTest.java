package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.natter.platform.http.Refused;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;

class CommitLanesTest {
    private static final MessageConfig ONE_LANE = oneLane(Duration.ofSeconds(10));
    private static final MessageConfig IMPATIENT = oneLane(Duration.ofMillis(100));

    private final AtomicBoolean broken = new AtomicBoolean(true);

    @Test
    void aLaneOutlivesAnError() {
        try (var lanes = new CommitLanes(this::commit, ONE_LANE)) {
            var change = new Change.Send(UUID.randomUUID(), UUID.randomUUID(), "hello", null, null, null);

            assertThatThrownBy(() -> lanes.commit(change)).hasCauseInstanceOf(StackOverflowError.class);
            broken.set(false);

            assertThat(lanes.commit(change)).isEqualTo(new Outcome.Stranger());
        }
    }

    @Test
    void whoWaitsForOthersForTooLongIsToldSo() throws InterruptedException {
        var committing = new CountDownLatch(1);
        var hanging = new CountDownLatch(1);
        var change = new Change.Send(UUID.randomUUID(), UUID.randomUUID(), "hello", null, null, null);
        try (var lanes = new CommitLanes((_, told) -> hang(committing, hanging, told), IMPATIENT)) {
            Thread first = Thread.startVirtualThread(() -> lanes.commit(change));
            committing.await();

            assertThatThrownBy(() -> lanes.commit(change))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.problem().status()).isEqualTo(503));

            hanging.countDown();
            first.join();
        }
    }

    private static void hang(CountDownLatch committing, CountDownLatch hanging, ObjIntConsumer<Outcome> told) {
        try {
            committing.countDown();
            hanging.await();
            told.accept(new Outcome.Stranger(), 0);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static MessageConfig oneLane(Duration timeout) {
        return new MessageConfig(URI.create("http://none"), Duration.ofHours(1), 1, 8, 8, timeout);
    }

    private void commit(List<Change> changes, ObjIntConsumer<Outcome> told) {
        if (broken.get()) {
            throw new StackOverflowError("expected by this test");
        }
        told.accept(new Outcome.Stranger(), 0);
    }
}
