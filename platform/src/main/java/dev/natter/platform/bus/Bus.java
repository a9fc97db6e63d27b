package dev.natter.platform.bus;

import dev.natter.platform.trace.Tracer;
import io.helidon.config.Config;
import io.helidon.health.HealthCheck;
import io.nats.client.Connection;
import io.nats.client.Connection.Status;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/** NATS behind one door: JetStream for events that must arrive, plain NATS for what is only true now. Thread-safe. */
public final class Bus implements AutoCloseable {
    /** How long JetStream may take to acknowledge. */
    public static final Duration ACK_TIMEOUT = Duration.ofSeconds(4);

    private static final Logger LOG = System.getLogger(Bus.class.getName());

    /** Few, so that ten thousands of subscriptions cost no threads; more than one, so that none starves the rest. */
    private static final int DISPATCHERS = 4;

    /** A plain subscription; closing it ends it. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    private final BusConfig settings;
    private final Tracer tracer;
    private final Gaps gaps;
    private final BusMeters meters;
    private volatile Connection connection;
    private volatile Publishing publishing;
    private volatile Streams streams;
    private volatile Dispatcher[] dispatchers;
    private volatile boolean closed;

    private Bus(BusConfig settings, Tracer tracer) {
        this.settings = settings;
        this.tracer = tracer;
        this.meters = new BusMeters(settings.name());
        this.gaps = new Gaps(settings.name(), meters);
    }

    /**
     * Reads the keys {@code nats.*}: {@code url}, {@code replicas}, {@code user}, {@code password}. Connects to nothing
     * yet.
     *
     * @param config a service's settings
     * @param name the service's name, shown to the server
     * @param tracer the service's tracer
     * @return the bus
     */
    public static Bus open(Config config, String name, Tracer tracer) {
        return new Bus(BusConfig.from(config, name), tracer);
    }

    /** As above, for whoever traces nothing. */
    public static Bus open(Config config, String name) {
        return open(config, name, Tracer.off());
    }

    /** Waits for the server, with back-off and a line in the log. */
    public void start() {
        meters.connected(this::isUp);
        BackOff backOff = new BackOff(settings.name() + " waits for NATS");
        while (connection == null) {
            try {
                connect();
            } catch (IOException notYet) {
                backOff.pause(Level.WARNING, notYet.getMessage(), () -> closed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for NATS", interrupted);
            }
        }
    }

    private void connect() throws IOException, InterruptedException {
        Connection fresh = Nats.connect(settings.options(gaps));
        publishing = new Publishing(fresh, meters, tracer);
        streams = new Streams(fresh.jetStreamManagement(), settings.replicas());
        dispatchers = new Dispatcher[DISPATCHERS];
        for (int i = 0; i < DISPATCHERS; i++) {
            dispatchers[i] = fresh.createDispatcher();
            dispatchers[i].setPendingLimits(500_000, 64L << 20);
        }
        connection = fresh;
    }

    /**
     * Makes sure that a stream exists; both who publishes to it and who consumes it call this. Waits for JetStream with
     * back-off and a line in the log.
     *
     * @param stream its name
     * @param subjects what it keeps
     */
    public void stream(String stream, String subjects) {
        BackOff backOff = new BackOff(settings.name() + " waits for JetStream to have " + stream);
        while (true) {
            try {
                streams().ensure(stream, subjects);
                return;
            } catch (IOException | JetStreamApiException | IllegalStateException notYet) {
                backOff.pause(Level.WARNING, notYet.getMessage(), () -> closed);
            }
        }
    }

    /**
     * Where a stream stands; made if it doesn't exist.
     *
     * @param stream its name
     * @param subjects what it keeps
     * @return when it was made, its last sequence, and which run of which server said so
     * @throws IOException if JetStream doesn't answer
     */
    public StreamState state(String stream, String subjects) throws IOException {
        try {
            StreamInfo info = streams().ensure(stream, subjects);
            return new StreamState(
                    info.getCreateTime().toInstant(),
                    info.getStreamState().getLastSequence(),
                    connected().getServerInfo().getServerId());
        } catch (JetStreamApiException | IllegalStateException refused) {
            throw new IOException(refused.getMessage(), refused);
        }
    }

    /**
     * Publishes without waiting: each event to whoever listens to its subject now, and all of them as one message to
     * the stream that keeps them.
     *
     * @param envelope the events
     * @return completes with the envelope's sequence in the stream once JetStream has acknowledged, which it does after
     *     the events were passed on; fails if it doesn't within the time-out, and at once if the connection is down or
     *     breaks, or too much is on its way
     */
    public CompletableFuture<Long> publish(Envelope envelope) {
        return publishing(open -> open.publish(envelope));
    }

    /** Has a stream keep an event under the event's own subject; completes as {@link #publish} does. */
    CompletableFuture<Long> keep(Outgoing event) {
        return publishing(open -> open.keep(event));
    }

    private CompletableFuture<Long> publishing(Function<Publishing, CompletableFuture<Long>> how) {
        Publishing open = publishing;
        return open == null
                ? CompletableFuture.failedFuture(new IOException("Not connected to NATS yet"))
                : how.apply(open);
    }

    /**
     * Publishes what is only true now; lost if nobody listens or the connection is down.
     *
     * @param subject where to
     * @param payload UTF-8 JSON
     */
    public void tell(String subject, byte[] payload) {
        if (!isUp()) {
            return;
        }
        try {
            connection.publish(subject, payload);
        } catch (IllegalStateException down) {
            LOG.log(Level.DEBUG, "Not told: {0}", down.getMessage());
        }
    }

    /**
     * Subscribes to what passes by, events that streams keep included, without consuming any stream. When this returns,
     * the server knows of the subscription, or {@link #onGap} will tell when it does.
     *
     * @param subject the subject, wildcards allowed
     * @param consumer called in order of arrival, one delivery at a time for this subscription; must not block for long
     * @return the subscription; survives reconnects
     */
    public Subscription subscribe(String subject, Consumer<Delivery> consumer) {
        Subscription subscription = subscribeSoon(subject, consumer);
        confirm();
        return subscription;
    }

    /** As {@link #subscribe}, but without waiting: {@link #confirm} does that for many at once. */
    public Subscription subscribeSoon(String subject, Consumer<Delivery> consumer) {
        connected();
        Dispatcher dispatcher = dispatchers[Math.floorMod(subject.hashCode(), DISPATCHERS)];
        var subscription = dispatcher.subscribe(subject, message -> Wire.deliver(message, tracer, consumer));
        return () -> {
            if (subscription.isActive()) {
                dispatcher.unsubscribe(subscription);
            }
        };
    }

    /** Waits until the server knows of every subscription; if that takes too long, {@link #onGap} will tell. */
    public void confirm() {
        Connection current = connected();
        if (isUp() && !flush(current, Duration.ofSeconds(1))) {
            gaps.gap(current, "a subscription isn't confirmed yet");
        }
    }

    private static boolean flush(Connection connection, Duration patience) {
        try {
            connection.flush(patience);
            return true;
        } catch (TimeoutException | IllegalStateException down) {
            LOG.log(Level.DEBUG, "Not flushed: {0}", down.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /**
     * Asks to be told when the connection was lost and is back, or when deliveries were dropped: whoever follows a log
     * must check its head then.
     *
     * @param action called from a thread of the bus's own
     */
    public void onGap(Runnable action) {
        gaps.add(action);
    }

    /**
     * Whether the connection is up.
     *
     * @return a readiness check named {@code nats}
     */
    public HealthCheck check() {
        return new BusCheck(this);
    }

    boolean isUp() {
        Connection current = connection;
        return current != null && current.getStatus() == Status.CONNECTED;
    }

    Connection connected() {
        Connection current = connection;
        if (current == null) {
            throw new IllegalStateException(settings.name() + "'s bus has not started yet");
        }
        return current;
    }

    Streams streams() {
        connected();
        return streams;
    }

    Tracer tracer() {
        return tracer;
    }

    String name() {
        return settings.name();
    }

    /** Flushes what was published and disconnects. */
    @Override
    public void close() {
        closed = true;
        meters.close();
        gaps.close();
        Connection current = connection;
        if (current == null) {
            return;
        }
        if (isUp()) {
            flush(current, Duration.ofSeconds(2));
        }
        publishing.close();
        try {
            current.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
