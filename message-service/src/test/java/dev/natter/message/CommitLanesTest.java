package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;

class CommitLanesTest {
    private static final MessageConfig ONE_LANE =
            new MessageConfig(URI.create("http://none"), Duration.ofHours(1), 1, 8, 8, Duration.ofSeconds(10));

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

    private void commit(List<Change> changes, ObjIntConsumer<Outcome> told) {
        if (broken.get()) {
            throw new StackOverflowError("expected by this test");
        }
        told.accept(new Outcome.Stranger(), 0);
    }
}
