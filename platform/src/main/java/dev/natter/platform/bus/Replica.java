package dev.natter.platform.bus;

import dev.natter.platform.http.Refused;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Builds something of ours from another's events: a durable pull consumer of a stream, whose handler is idempotent and
 * orders by {@link Delivery#seq}, never by arrival. An event that the handler can't take is tried again with back-off,
 * with those that share its {@link Envelope}, and at last put on {@code natter.dead.<durable>}, counted, so that it
 * never blocks the rest.
 *
 * <p>A handler may take events {@linkplain #inBatches in batches}: what has arrived while it was busy comes at once, so
 * that the busier it is, the larger the transactions and the fewer. The first event comes at once; those that follow
 * gather for a moment. A batch that fails is taken event by event.
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

    /** Applies several events at once. */
    @FunctionalInterface
    public interface BatchHandler {
        /**
         * Applies all of them or none, or recognises them as applied.
         *
         * @param deliveries the events in order of arrival, at least one
         * @throws Exception to be tried again, each by itself
         */
        void apply(List<Delivery> deliveries) throws Exception;
    }

    private static final Logger LOG = System.getLogger(Replica.class.getName());

    /** Envelopes asked for at once. */
    private static final int BATCH = 100;

    /** Events. */
    private static final int MOST_AT_ONCE = 2000;

    /** How far apart the beginnings of batches are while events keep coming: the next ones gather. */
    private static final Duration GATHERING = Duration.ofMillis(100);

    private static final Duration PULL = Duration.ofSeconds(5);
    private static final Duration ACK_WAIT = Duration.ofSeconds(30);

    private final Bus bus;
    private final String durable;
    private final String stream;
    private final String subjects;
    private final String filter;
    private final Intake intake;
    private final ReplicaMeters meters;
    private final int most;
    private final Thread thread;
    private volatile JetStreamSubscription current;
    private volatile boolean gap;
    private volatile boolean closed;

    /**
     * Describes a replica that applies one event at a time; consumes nothing yet.
     *
     * @param bus the bus
     * @param durable the consumer's name, {@code <consumer service>-<what it builds>}
     * @param stream the stream
     * @param subjects all of the stream's subjects
     * @param filter those of the {@linkplain Envelope#kept envelopes} that matter here
     * @param handler the handler
     */
    public Replica(Bus bus, String durable, String stream, String subjects, String filter, Handler handler) {
        this(bus, durable, stream, subjects, filter, each -> handler.apply(each.getFirst()), 1);
    }

    private Replica(
            Bus bus, String durable, String stream, String subjects, String filter, BatchHandler handler, int most) {
        this.bus = bus;
        this.durable = durable;
        this.stream = stream;
        this.subjects = subjects;
        this.filter = filter;
        this.most = most;
        this.intake = new Intake(
                durable, handler, bus.tracer(), new DeadLetters(bus, durable), this::pause, () -> closed, most > 1);
        this.meters = new ReplicaMeters(durable);
        this.thread = Thread.ofVirtual().name("replica-" + durable).unstarted(this::run);
    }

    /**
     * Describes a replica that applies what has arrived at once; consumes nothing yet.
     *
     * @param bus the bus
     * @param durable the consumer's name
     * @param stream the stream
     * @param subjects all of the stream's subjects
     * @param filter those that matter here
     * @param handler the handler
     * @return the replica
     */
    public static Replica inBatches(
            Bus bus, String durable, String stream, String subjects, String filter, BatchHandler handler) {
        return new Replica(bus, durable, stream, subjects, filter, handler, MOST_AT_ONCE);
    }

    /** Makes sure that the stream and the consumer exist, and begins. */
    public void start() {
        bus.stream(stream, subjects);
        meters.start();
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
                .maxAckPending(2 * BATCH)
                .build();
    }

    /** One request for a batch; what has arrived of it is applied at once. */
    private boolean pull(JetStreamSubscription subscription) throws InterruptedException {
        subscription.pull(PullRequestOptions.builder(BATCH).expiresIn(PULL).build());
        long begin = System.nanoTime();
        int got = 0;
        while (!closed && got < BATCH) {
            long left = PULL.plusMillis(500).toNanos() - (System.nanoTime() - begin);
            Message message = left <= 0 ? null : subscription.nextMessage(Duration.ofNanos(left));
            if (message == null) {
                break;
            }
            List<Parcel> batch = arrived(subscription, message, BATCH - got);
            got += batch.size();
            long taken = System.nanoTime();
            meters.taken(batch);
            intake.take(batch);
            meters.done(batch);
            // Where more than that has come already there is nothing to wait for.
            if (most > 1 && got < BATCH && events(batch) < most) {
                TimeUnit.NANOSECONDS.sleep(taken + GATHERING.toNanos() - System.nanoTime());
            }
            if (System.nanoTime() - begin >= PULL.toNanos()) {
                // That the request has ended was told meanwhile, to one who looked for events only.
                break;
            }
        }
        return got > 0;
    }

    private List<Parcel> arrived(JetStreamSubscription subscription, Message first, int limit)
            throws InterruptedException {
        List<Parcel> batch = new ArrayList<>(List.of(Parcel.of(first)));
        while (batch.size() < limit && events(batch) < most) {
            Message next = subscription.nextMessage((Duration) null);
            if (next == null) {
                break;
            }
            batch.add(Parcel.of(next));
        }
        return batch;
    }

    private static int events(List<Parcel> batch) {
        return batch.stream().mapToInt(Parcel::events).sum();
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
        meters.close();
    }
}
