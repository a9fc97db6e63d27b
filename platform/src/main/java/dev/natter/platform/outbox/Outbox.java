package dev.natter.platform.outbox;

import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Database;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The transactional outbox: events are written in the transaction that causes them, published right after its commit,
 * and marked once JetStream has acknowledged. The {@link Relay} publishes what a crash left behind.
 *
 * <p>Order: events of one aggregate must be written under a lock on that aggregate's row; then their outbox ids rise in
 * the order of their commits, and both the direct path and the relay publish by id.
 */
public final class Outbox implements AutoCloseable {
    /** A transaction that may cause events. */
    public interface Transaction {
        /**
         * Its connection.
         *
         * @return not to be closed, committed or kept
         */
        Connection connection();

        /**
         * Causes an event, in the order of the calls.
         *
         * @param event the event
         */
        void emit(Outgoing event);
    }

    /** Work that may cause events. */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Does it.
         *
         * @param transaction the transaction
         * @return whatever the work is for
         * @throws SQLException rolls back
         */
        T in(Transaction transaction) throws SQLException;
    }

    /**
     * The outbox of a service.
     *
     * @param database the service's database, with a table {@code outbox}
     * @param bus the bus
     * @param stream the stream that the service publishes to
     * @param subjects what that stream keeps
     */
    public Outbox(Database database, Bus bus, String stream, String subjects) {}

    /** Makes sure that the stream exists and starts the relay. */
    public void start() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Runs work in one transaction as {@link Database#inTransaction} does, writes the events it caused in the same
     * transaction, and publishes them after the commit without waiting for the acknowledgement.
     *
     * @param work the work; may run more than once
     * @return what it returned
     */
    public <T> T commit(Work<T> work) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Waits a moment for acknowledgements under way and stops the relay. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("skeleton");
    }
}
