package dev.natter.platform.bus;

/**
 * Builds something of ours from another's events: a durable pull consumer of a stream, whose handler is idempotent and
 * orders by {@link Delivery#seq}, never by arrival. An event that the handler can't take is tried again with back-off
 * and at last put on {@code natter.dead.<durable>}, counted, so that it never blocks the rest.
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
    public Replica(Bus bus, String durable, String stream, String subjects, String filter, Handler handler) {}

    /** Makes sure that the stream and the consumer exist, and begins. */
    public void start() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Finishes the event at hand and stops. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("skeleton");
    }
}
