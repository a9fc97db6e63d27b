package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.db.Database;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.token.SignedUrl;
import dev.natter.testing.Ground;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CommitLanesTest {
    private static final MessageConfig ONE_LANE =
            new MessageConfig(URI.create("http://none"), Duration.ofHours(1), 1, 8, 8, Duration.ofSeconds(10));

    @Test
    void aLaneOutlivesAnError() {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (Ground ground = Ground.open();
                Database database = Database.open(ground.config(), "db/message");
                Bus bus = Bus.open(ground.config(), "test");
                Outbox outbox = new Outbox(database, bus, Subjects.MESSAGES, Subjects.MESSAGES_KEPT)) {
            database.start();
            var signer = new SignedUrl(ground.secret(), Clock.systemUTC(), Duration.ofHours(1));
            try (var lanes = new CommitLanes(new Timeline(outbox, signer, clock(broken)), ONE_LANE)) {
                var change = new Change.Send(UUID.randomUUID(), UUID.randomUUID(), "hello", null, null, null);

                assertThatThrownBy(() -> lanes.commit(change)).hasCauseInstanceOf(StackOverflowError.class);
                broken.set(false);

                assertThat(lanes.commit(change)).isEqualTo(new Outcome.Stranger());
            }
        }
    }

    private static Clock clock(AtomicBoolean broken) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                if (broken.get()) {
                    throw new StackOverflowError("expected by this test");
                }
                return Running.NOW;
            }
        };
    }
}
