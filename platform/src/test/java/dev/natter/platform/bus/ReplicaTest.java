package dev.natter.platform.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.platform.http.Problem;
import dev.natter.testing.Ground;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaTest {
    private static final String STREAM = "natter-test";
    private static final String SUBJECTS = "natter.kept.test.>";
    private static final Duration LONG = Duration.ofSeconds(30);

    private Ground ground;
    private Bus bus;
    private final List<Long> applied = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() {
        ground = Ground.open().excuse("natter.");
        bus = Bus.open(ground.config(), "test");
        bus.start();
        bus.stream(STREAM, SUBJECTS);
    }

    @AfterEach
    void close() {
        bus.close();
        ground.close();
    }

    @Test
    void whatWasPublishedBeforeAndAfterTheStartArrivesInOrder() throws Exception {
        publish(1, 250);
        try (Replica replica = replica(delivery -> applied.add(delivery.seq()))) {
            replica.start();
            publish(251, 500);
            await().until(() -> applied.size() == 500);
        }
        assertThat(applied)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 500).boxed().toList());
    }

    @Test
    void aLoneEventIsAppliedWithoutWaitingForABatch() throws Exception {
        try (Replica replica = replica(delivery -> applied.add(delivery.seq()))) {
            replica.start();
            publish(1, 1);
            await().atMost(Duration.ofSeconds(2)).until(() -> applied.size() == 1);
        }
    }

    @Test
    void whatWasAppliedStaysAppliedAfterARestartOfTheReplica() throws Exception {
        try (Replica first = replica(delivery -> applied.add(delivery.seq()))) {
            first.start();
            publish(1, 20);
            await().until(() -> applied.size() == 20);
        }
        publish(21, 30);
        try (Replica second = replica(delivery -> applied.add(delivery.seq()))) {
            second.start();
            await().until(() -> applied.contains(30L));
        }
        assertThat(applied)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 30).boxed().toList());
    }

    @Test
    void oneThatIsToFollowOtherSubjectsThanBeforeIsGivenAllOfThose() throws Exception {
        try (Replica before = new Replica(
                bus, "test-replica", STREAM, SUBJECTS, "natter.kept.test.ended", delivery -> applied.add(0L))) {
            before.start();
            publish(1, 3);
        }
        try (Replica now = replica(delivery -> applied.add(delivery.seq()))) {
            now.start();
            await().atMost(Duration.ofSeconds(2)).until(() -> applied.size() == 3);
            publish(4, 4);
            await().atMost(Duration.ofSeconds(2)).until(() -> applied.size() == 4);
        }
        assertThat(applied).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aPoisonEventIsBuriedAndBlocksNobody() throws Exception {
        List<Delivery> dead = new CopyOnWriteArrayList<>();
        bus.subscribe("natter.dead.>", dead::add);
        AtomicInteger tries = new AtomicInteger();
        try (Replica replica = replica(delivery -> {
            if (delivery.seq() == 2) {
                tries.incrementAndGet();
                throw new IllegalArgumentException("expected by this test");
            }
            applied.add(delivery.seq());
        })) {
            replica.start();
            publish(1, 5);
            await().until(() -> applied.size() == 4);
            await().atMost(LONG).until(() -> dead.size() == 1);
        }
        assertThat(applied).containsExactly(1L, 3L, 4L, 5L);
        assertThat(tries.get()).isEqualTo(5);
        assertThat(dead.getFirst().subject()).isEqualTo("natter.dead.test-replica");
        assertThat(dead.getFirst().seq()).isEqualTo(2);
    }

    @Test
    void itTellsHowFarItIsBehindWhileItIsHeldUp() throws Exception {
        CountDownLatch heldUp = new CountDownLatch(1);
        try (Replica replica = replica(delivery -> {
            heldUp.await();
            applied.add(delivery.seq());
        })) {
            replica.start();
            publish(1, 3);
            await().until(() -> lag() > 0.3);
            heldUp.countDown();
            await().until(() -> applied.size() == 3);
            await().until(() -> lag() == 0);
        }
    }

    private static double lag() {
        return Metrics.globalRegistry()
                .gauge("natter.replica.lag.seconds", List.of(Tag.create("replica", "test-replica")))
                .orElseThrow()
                .value()
                .doubleValue();
    }

    @Test
    void whatArrivesMeanwhileIsAppliedAtOnce() throws Exception {
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        CountDownLatch published = new CountDownLatch(1);
        try (Replica replica = inBatches(deliveries -> {
            published.await();
            sizes.add(deliveries.size());
            deliveries.forEach(delivery -> applied.add(delivery.seq()));
        })) {
            replica.start();
            publish(1, 250);
            published.countDown();
            await().until(() -> applied.size() == 250);
        }
        assertThat(applied)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 250).boxed().toList());
        assertThat(sizes).hasSizeLessThan(10).allMatch(size -> size <= 1000);
    }

    @Test
    void aPoisonEventInABatchIsBuriedAlone() throws Exception {
        List<Delivery> dead = new CopyOnWriteArrayList<>();
        bus.subscribe("natter.dead.>", dead::add);
        publish(1, 60);
        try (Replica replica = inBatches(deliveries -> {
            if (deliveries.stream().anyMatch(delivery -> delivery.seq() == 30)) {
                throw new IllegalArgumentException("expected by this test");
            }
            deliveries.forEach(delivery -> applied.add(delivery.seq()));
        })) {
            replica.start();
            await().atMost(LONG).until(() -> dead.size() == 1);
        }
        assertThat(dead.getFirst().seq()).isEqualTo(30);
        assertThat(applied)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 60)
                        .filter(seq -> seq != 30)
                        .boxed()
                        .toList());
    }

    @Test
    void aBatchThatComesWhileTheDatabaseIsAwayIsKeptForLater() throws Exception {
        AtomicInteger refusals = new AtomicInteger();
        publish(1, 40);
        try (Replica replica = inBatches(deliveries -> {
            if (refusals.incrementAndGet() <= 4) {
                throw Problem.unavailable("expected by this test").refuse();
            }
            deliveries.forEach(delivery -> applied.add(delivery.seq()));
        })) {
            replica.start();
            await().atMost(LONG).until(() -> applied.size() == 40);
        }
        assertThat(applied)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 40).boxed().toList());
    }

    @Test
    void anEventThatComesWhileTheDatabaseIsAwayIsKeptForLater() throws Exception {
        AtomicInteger refusals = new AtomicInteger();
        try (Replica replica = replica(delivery -> {
            if (refusals.incrementAndGet() <= 6) {
                throw Problem.unavailable("expected by this test").refuse();
            }
            applied.add(delivery.seq());
        })) {
            replica.start();
            publish(1, 3);
            await().atMost(LONG).until(() -> applied.size() == 3);
        }
        assertThat(applied).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aKilledServerIsSurvived() throws Exception {
        try (Replica replica = replica(delivery -> applied.add(delivery.seq()))) {
            replica.start();
            publish(1, 10);
            await().until(() -> applied.size() == 10);
            ground.nats().crash();
            ground.nats().start();
            await().atMost(LONG).until(() -> bus.isUp());
            publish(11, 20);
            await().atMost(LONG).until(() -> applied.contains(20L));
        }
        assertThat(applied.stream().distinct()).hasSize(20);
    }

    @Test
    void aStreamThatIsDeletedIsMadeAndFollowedAgain() throws Exception {
        try (Replica replica = replica(delivery -> applied.add(delivery.seq()))) {
            replica.start();
            publish(1, 3);
            await().until(() -> applied.size() == 3);
            bus.connected().jetStreamManagement().deleteStream(STREAM);
            await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() ->
                            bus.publish(Envelope.of(BusTest.event("a", 100))).get(5, TimeUnit.SECONDS) > 0);
            await().atMost(LONG).until(() -> applied.contains(100L));
        }
    }

    @Test
    void aConsumerThatIsDeletedIsMadeAgain() throws Exception {
        try (Replica replica = replica(delivery -> applied.add(delivery.seq()))) {
            replica.start();
            publish(1, 3);
            await().until(() -> applied.size() == 3);
            bus.connected().jetStreamManagement().deleteConsumer(STREAM, "test-replica");
            publish(4, 4);
            await().atMost(LONG).until(() -> applied.contains(4L));
        }
    }

    private Replica replica(Replica.Handler handler) {
        return new Replica(bus, "test-replica", STREAM, SUBJECTS, "natter.kept.test.happened", handler);
    }

    private Replica inBatches(Replica.BatchHandler handler) {
        return Replica.inBatches(bus, "test-replica", STREAM, SUBJECTS, "natter.kept.test.happened", handler);
    }

    private void publish(long from, long to) throws Exception {
        for (long seq = from; seq < to; seq++) {
            bus.publish(Envelope.of(BusTest.event("a", seq)));
        }
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> bus.publish(Envelope.of(BusTest.event("a", to))).get(5, TimeUnit.SECONDS) > 0);
    }
}
