package dev.natter.platform.bus;

import io.helidon.config.Config;
import io.helidon.health.HealthCheck;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * NATS behind one door: JetStream for events that must arrive, plain NATS for those that are only true now. Reconnects
 * for ever. Thread-safe.
 */
public final class Bus implements AutoCloseable {
    /** A plain subscription; closing it ends it. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    private Bus() {}

    /**
     * Reads the keys {@code nats.*}: {@code url}, {@code replicas}, {@code user}, {@code password}. Connects to nothing
     * yet.
     *
     * @param config a service's settings
     * @param name the service's name, shown to the server
     * @return the bus
     */
    public static Bus open(Config config, String name) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Waits for the server, with back-off and a line in the log. */
    public void start() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Makes sure that a stream exists; both who publishes to it and who consumes it call this.
     *
     * @param stream its name
     * @param subjects what it keeps
     */
    public void stream(String stream, String subjects) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Publishes to JetStream without waiting.
     *
     * @param event the event
     * @return completes with the event's sequence in the stream once JetStream has acknowledged; fails if it doesn't
     *     within the time-out
     */
    public CompletableFuture<Long> publish(Outgoing event) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Publishes what is only true now; lost if nobody listens or the connection is down.
     *
     * @param subject where to
     * @param payload UTF-8 JSON
     */
    public void tell(String subject, byte[] payload) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Subscribes to what passes by, JetStream's events included, without consuming any stream.
     *
     * @param subject the subject, wildcards allowed
     * @param consumer called in order of arrival, one delivery at a time for this subscription; must not block for long
     * @return the subscription; survives reconnects
     */
    public Subscription subscribe(String subject, Consumer<Delivery> consumer) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Asks to be told when the connection was lost and is back, or when deliveries were dropped: whoever follows a log
     * must check its head then.
     *
     * @param action called from a thread of the bus's own
     */
    public void onGap(Runnable action) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Whether the connection is up.
     *
     * @return a readiness check named {@code nats}
     */
    public HealthCheck check() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Flushes what was published and disconnects. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("skeleton");
    }
}
