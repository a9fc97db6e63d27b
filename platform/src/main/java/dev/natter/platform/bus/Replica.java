package dev.natter.platform.bus;

import dev.natter.platform.db.Failure;
import dev.natter.platform.http.Refused;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.ReplayPolicy;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/**
 * Builds something of ours from another's events: a durable pull consumer of a stream, whose handler is idempotent and
 * orders by {@link Delivery#seq}, never by arrival. An event that the handler can't take is tried again with back-off
 * and at last put on {@code natter.dead.<durable>}, counted, so that it never blocks the rest.
 *
 * <p>A handler that fails because its own database is away ({@link SQLException}, or {@link Refused} as retryable)
 * isn't blamed on the event: the replica waits with it. One thread applies the events.
 */
public final class Replica implements AutoCloseable {
    /** Applies an event. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Applies it, or recognises it as applied.
         *
         * @param delivery the event
         * @throws Exception to be tried again
         */
        void apply(Delivery delivery) throws Exception;
    }

    private static final Logger LOG = System.getLogger(Replica.class.getName());
    private static final int BATCH = 100;
    private static final Duration PULL = Duration.ofSeconds(5);
    private static final Duration ACK_WAIT = Duration.ofSeconds(30);

    /** How long to wait before the second try, the third, and so on; after the last, the event is dead. */
    private static final List<Duration> PATIENCE =
            List.of(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(5));

    private final Bus bus;
    private final String durable;
    private final String stream;
    private final String subjects;
    private final String filter;
    private final Handler handler;
    private final DeadLetters dead;
    private final Thread thread;
    private volatile JetStreamSubscription current;
    private volatile boolean gap;
    private volatile Meter gauge;
    private volatile long pending;
    private volatile boolean closed;

    /**
     * Describes the replica; consumes nothing yet.
     *
     * @param bus the bus
     * @param durable the consumer's name, {@code <consumer service>-<what it builds>}
     * @param stream the stream
     * @param subjects all of the stream's subjects
     * @param filter those that matter here
     * @param handler the handler
     */
    public Replica(Bus bus, String durable, String stream, String subjects, String filter, Handler handler) {
        this.bus = bus;
        this.durable = durable;
        this.stream = stream;
        this.subjects = subjects;
        this.filter = filter;
        this.handler = handler;
        this.dead = new DeadLetters(bus, durable);
        this.thread = Thread.ofVirtual().name("replica-" + durable).unstarted(this::run);
    }

    /** Makes sure that the stream and the consumer exist, and begins. */
    public void start() {
        bus.stream(stream, subjects);
        gauge = Metrics.globalRegistry()
                .getOrCreate(Gauge.builder("natter.replica.pending", () -> pending)
                        .description("Events that the replica has not been given yet")
                        .tags(List.of(Tag.create("replica", durable))));
        bus.onGap(this::pullAgain);
        thread.start();
    }

    /** A request for events is lost with the connection it was sent on; waiting for its end would only cost time. */
    private void pullAgain() {
        JetStreamSubscription waiting = current;
        gap = true;
        if (waiting != null && waiting.isActive()) {
            waiting.unsubscribe();
        }
    }

    private void run() {
        BackOff backOff = new BackOff("Replica " + durable + " waits for its stream");
        while (!closed) {
            try {
                follow(backOff);
            } catch (IOException | JetStreamApiException | RuntimeException failure) {
                if (closed) {
                    return;
                }
                if (gap) {
                    gap = false;
                } else {
                    pause(backOff, String.valueOf(failure.getMessage()));
                }
            } catch (InterruptedException closing) {
                return;
            }
        }
    }

    private void pause(BackOff backOff, String reason) {
        try {
            // That NATS is away the bus has said already.
            backOff.pause(bus.isUp() ? Level.WARNING : Level.DEBUG, reason, () -> closed);
        } catch (IllegalStateException closing) {
            LOG.log(Level.DEBUG, closing.getMessage());
        }
    }

    /** Consumes until something is wrong with the connection, the stream or the consumer. */
    private void follow(BackOff backOff) throws IOException, JetStreamApiException, InterruptedException {
        bus.state(stream, subjects);
        bus.streams().ensure(stream, consumer());
        JetStreamSubscription subscription =
                bus.connected().jetStream().subscribe(null, PullSubscribeOptions.bind(stream, durable));
        try {
            int idle = 0;
            while (!closed) {
                boolean any = pull(subscription);
                backOff.reset();
                idle = any ? 0 : idle + 1;
                if (idle == 2) {
                    // Silence may also mean that the consumer or the stream is gone.
                    bus.state(stream, subjects);
                    bus.streams().ensure(stream, consumer());
                    idle = 0;
                }
            }
        } finally {
            if (subscription.isActive()) {
                subscription.unsubscribe();
            }
        }
    }

    private ConsumerConfiguration consumer() {
        return ConsumerConfiguration.builder()
                .durable(durable)
                .filterSubject(filter)
                .deliverPolicy(DeliverPolicy.All)
                .replayPolicy(ReplayPolicy.Instant)
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(ACK_WAIT)
                .maxAckPending(1000)
                .build();
    }

    /** One request for a batch; each event is applied as it arrives. */
    private boolean pull(JetStreamSubscription subscription) throws InterruptedException {
        subscription.pull(PullRequestOptions.builder(BATCH).expiresIn(PULL).build());
        long deadline =
                System.nanoTime() + PULL.toNanos() + Duration.ofMillis(500).toNanos();
        int got = 0;
        while (!closed && got < BATCH) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            Message message = subscription.nextMessage(Duration.ofNanos(left));
            if (message == null) {
                break;
            }
            got++;
            take(message);
        }
        return got > 0;
    }

    private void take(Message message) throws InterruptedException {
        pending = message.metaData().pendingCount();
        Delivery delivery = Wire.read(message);
        BackOff notNow = new BackOff("Replica " + durable + " waits for what it needs");
        while (!closed) {
            try {
                handler.apply(delivery);
                message.ack();
                return;
            } catch (InterruptedException closing) {
                throw closing;
            } catch (Exception failure) {
                if (!isPassing(failure)) {
                    refuse(message, delivery, failure);
                    return;
                }
                message.inProgress();
                pause(notNow, String.valueOf(failure.getMessage()));
            }
        }
    }

    private void refuse(Message message, Delivery delivery, Exception failure) {
        int tries = (int) message.metaData().deliveredCount();
        if (tries <= PATIENCE.size()) {
            LOG.log(Level.DEBUG, () -> durable + " can't take " + delivery.id() + " yet: " + failure);
            message.nakWithDelay(PATIENCE.get(tries - 1));
        } else if (dead.bury(delivery, failure)) {
            message.term();
        } else {
            message.nakWithDelay(PATIENCE.getLast());
        }
    }

    private static boolean isPassing(Exception failure) {
        return failure instanceof Refused refused
                ? refused.problem().status() == 503
                : Failure.of(failure) != Failure.BUG;
    }

    /** Finishes the event at hand and stops. */
    @Override
    public void close() {
        closed = true;
        try {
            if (thread.isAlive() && !thread.join(Duration.ofMillis(200))) {
                thread.interrupt();
                thread.join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (gauge != null) {
            Metrics.globalRegistry().remove(gauge);
        }
    }
}
