package dev.natter.platform.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Ground;
import io.helidon.health.HealthCheckResponse.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BusTest {
    private static final String STREAM = "natter-test";
    private static final String SUBJECTS = "natter.kept.test.>";

    private Ground ground;
    private Bus bus;

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
    void whatIsOnItsWayFailsAsSoonAsTheConnectionBreaksAndNothingOvertakesIt() throws Exception {
        var silent = new CompletableFuture<Delivery>();
        try (var subscription = bus.subscribe("natter.kept.nobody.acknowledges", silent::complete)) {
            assertThat(subscription).isNotNull();
            CompletableFuture<Long> lost =
                    bus.publish(Envelope.of(new Outgoing("natter.nobody.a.acknowledges", "n.1", 1, bytes("{}"), null)));
            silent.get(5, TimeUnit.SECONDS);

            bus.connected().forceReconnect();

            assertThat(lost)
                    .failsWithin(3, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withMessageContaining("was lost");
        }
        await().until(() -> !bus.publish(Envelope.of(event("a", 1))).isCompletedExceptionally());
    }

    @Test
    void whatNoStreamTakesFails() {
        assertThat(bus.keep(new Outgoing("unheard", "n.1", 1, bytes("{}"), null)))
                .failsWithin(3, TimeUnit.SECONDS)
                .withThrowableThat()
                .withMessageContaining("JetStream says");
    }

    @Test
    void eventsArriveWithTheirHeadersInOrder() throws Exception {
        List<Delivery> seen = new CopyOnWriteArrayList<>();
        try (var subscription = bus.subscribe("natter.test.a.*", seen::add)) {
            for (long seq = 1; seq <= 500; seq++) {
                bus.publish(Envelope.of(event("a", seq)));
            }
            bus.publish(Envelope.of(new Outgoing("natter.test.b.done", "b.1", 1, bytes("{}"), new Cause("r", null))))
                    .get(5, TimeUnit.SECONDS);
            await().until(() -> seen.size() == 500);
            assertThat(subscription).isNotNull();
        }

        assertThat(seen.stream().map(Delivery::seq))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 500).boxed().toList());
        assertThat(seen.getFirst().id()).isEqualTo("a.1");
        assertThat(seen.getFirst().cause().requestId()).isEqualTo("request");
        assertThat(new String(seen.getFirst().payload(), StandardCharsets.UTF_8))
                .isEqualTo("{\"seq\":1}");
    }

    @Test
    void theSameEventPublishedTwiceIsInTheStreamOnce() throws Exception {
        long first = bus.publish(Envelope.of(event("a", 1))).get(5, TimeUnit.SECONDS);
        long second = bus.publish(Envelope.of(event("a", 1))).get(5, TimeUnit.SECONDS);
        assertThat(second).isEqualTo(first);
        assertThat(bus.state(STREAM, SUBJECTS).lastSeq()).isEqualTo(first);
    }

    @Test
    void aClosedSubscriptionIsSilent() throws Exception {
        List<Delivery> seen = new CopyOnWriteArrayList<>();
        bus.subscribe("natter.test.>", seen::add).close();
        bus.publish(Envelope.of(event("a", 1))).get(5, TimeUnit.SECONDS);
        bus.tell("natter.test.x", bytes("{}"));
        assertThat(seen).isEmpty();
    }

    @Test
    void whatIsToldArrivesOnce() {
        List<Delivery> seen = new CopyOnWriteArrayList<>();
        bus.subscribe("natter.live.*.typing", seen::add);
        bus.tell("natter.live.c.typing", bytes("{\"a\":1}"));
        await().until(() -> seen.size() == 1);
        assertThat(seen.getFirst().id()).isNull();
        assertThat(seen.getFirst().seq()).isZero();
    }

    @Test
    void aConsumerThatThrowsStillGetsTheNextDelivery() {
        List<String> seen = new CopyOnWriteArrayList<>();
        bus.subscribe("natter.live.>", delivery -> {
            seen.add(delivery.subject());
            throw new IllegalStateException("expected by this test");
        });
        bus.tell("natter.live.1", bytes("{}"));
        bus.tell("natter.live.2", bytes("{}"));
        await().until(() -> seen.size() == 2);
    }

    @Test
    void anOutageFailsPublishesAtOnceAndIsToldAsOneGapWhenItEnds() throws Exception {
        AtomicInteger gaps = new AtomicInteger();
        bus.onGap(gaps::incrementAndGet);
        List<Delivery> seen = new CopyOnWriteArrayList<>();
        bus.subscribe("natter.test.>", seen::add);

        ground.nats().crash();
        await().until(() -> bus.check().call().status() == Status.DOWN);
        assertThat(bus.publish(Envelope.of(event("a", 1)))).isCompletedExceptionally();
        bus.tell("natter.live.x", bytes("{}"));
        assertThat(gaps.get()).isZero();

        ground.nats().start();
        await().atMost(Duration.ofSeconds(15)).until(() -> gaps.get() == 1);
        assertThat(bus.check().call().status()).isEqualTo(Status.UP);
        await().ignoreExceptions()
                .until(() -> bus.publish(Envelope.of(event("a", 2))).get(5, TimeUnit.SECONDS) > 0);
        await().until(() -> seen.stream().anyMatch(delivery -> delivery.seq() == 2));
    }

    @Test
    void aServerThatHangsIsNoticed() {
        ground.nats().pause();
        try {
            CompletableFuture<Long> ack = bus.publish(Envelope.of(event("a", 1)));
            await().atMost(Duration.ofSeconds(8)).until(ack::isCompletedExceptionally);
            await().atMost(Duration.ofSeconds(25))
                    .until(() -> bus.check().call().status() == Status.DOWN);
        } finally {
            ground.nats().resume();
        }
        await().atMost(Duration.ofSeconds(15)).until(() -> bus.check().call().status() == Status.UP);
    }

    @Test
    void aSubscriptionThatAHangingServerDoesNotConfirmIsAGapOnceItDoes() {
        AtomicInteger gaps = new AtomicInteger();
        bus.onGap(gaps::incrementAndGet);
        ground.nats().pause();
        try {
            bus.subscribe("natter.test.late.*", delivery -> {});
            assertThat(gaps.get()).isZero();
        } finally {
            ground.nats().resume();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> gaps.get() >= 1);
    }

    @Test
    void aBusThatStartsBeforeItsServerWaits() {
        ground.nats().stop();
        try (Bus early = Bus.open(ground.config(), "early")) {
            CompletableFuture<Void> started = CompletableFuture.runAsync(early::start);
            assertThat(early.check().call().status()).isEqualTo(Status.DOWN);
            ground.nats().start();
            started.join();
            assertThat(early.check().call().status()).isEqualTo(Status.UP);
        }
    }

    static Outgoing event(String aggregate, long seq) {
        return new Outgoing(
                "natter.test." + aggregate + ".happened",
                aggregate + "." + seq,
                seq,
                bytes("{\"seq\":" + seq + "}"),
                new Cause("request", null));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
