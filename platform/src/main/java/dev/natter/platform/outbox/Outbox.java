package dev.natter.platform.outbox;

import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Columns;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Failure;
import dev.natter.platform.db.Volley;
import dev.natter.platform.outbox.Turnstile.Ticket;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The transactional outbox: events are written in the transaction that causes them, published right after its commit,
 * and marked once JetStream has acknowledged. The {@link Relay} publishes what a crash left behind.
 *
 * <p>Order: events of one aggregate must be written under a lock on that aggregate's row; then their outbox ids rise in
 * the order of their commits, and both the direct path, through a {@link Turnstile}, and the relay publish by id.
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

        /**
         * Has something written at the very end, in the round trip that also writes the events and commits. For whoever
         * is in a hurry.
         *
         * @param sql a statement that answers with no rows, as {@link Volley} wants it
         * @param rows its parameters
         */
        void last(String sql, Columns<?> rows);
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

    private static final Logger LOG = System.getLogger(Outbox.class.getName());

    /** Longer than JetStream may take to flush what it has acknowledged ({@code sync_interval}, 2 minutes). */
    private static final Duration KEEP = Duration.ofMinutes(10);

    private static final Duration MARK_EVERY = Duration.ofMillis(50);
    private static final Duration RELAY_EVERY = Duration.ofSeconds(1);
    private static final int MAX_PAYLOAD = 1_000_000;

    private final Database database;
    private final Bus bus;
    private final String stream;
    private final String subjects;
    private final OutboxTable table;
    private final Publisher publisher;
    private final Turnstile turnstile;
    private final Relay relay;
    private final ScheduledExecutorService threads;
    private final List<Meter> gauges = new ArrayList<>();
    private volatile OutboxTable.Pending pending = new OutboxTable.Pending(0, 0);

    /**
     * The outbox of a service.
     *
     * @param database the service's database, with a table {@code outbox}
     * @param bus the bus
     * @param stream the stream that the service publishes to
     * @param subjects what that stream keeps
     */
    public Outbox(Database database, Bus bus, String stream, String subjects) {
        this(database, bus, stream, subjects, KEEP);
    }

    Outbox(Database database, Bus bus, String stream, String subjects, Duration keep) {
        this.database = database;
        this.bus = bus;
        this.stream = stream;
        this.subjects = subjects;
        this.table = new OutboxTable(database);
        this.publisher = new Publisher(bus, table);
        this.turnstile = new Turnstile(publisher::afterCommit);
        this.relay =
                new Relay(bus, table, publisher, turnstile, database.lock("outbox " + stream), stream, subjects, keep);
        this.threads = Executors.newScheduledThreadPool(
                2,
                Thread.ofPlatform().daemon().name("outbox-" + stream + "-", 0).factory());
    }

    /**
     * Makes sure that the stream exists and starts the relay. Its first round is over when this returns, so that what a
     * crash left behind goes out before anything new.
     */
    public void start() {
        bus.stream(stream, subjects);
        gauge("natter.outbox.pending", "Events not published yet, counted to 10,000", () -> (double) pending.rows());
        gauge("natter.outbox.age.seconds", "Age of the oldest event not published yet", () -> pending.seconds());
        Runnable mark = guarded(publisher::mark);
        Runnable round = guarded(() -> {
            relay.tick();
            pending = table.pending();
        });
        round.run();
        every(MARK_EVERY, mark);
        every(RELAY_EVERY, round);
    }

    private void gauge(String name, String description, Supplier<Double> value) {
        gauges.add(Metrics.globalRegistry()
                .getOrCreate(Gauge.builder(name, value)
                        .description(description)
                        .tags(List.of(Tag.create("stream", stream)))));
    }

    private void every(Duration interval, Runnable task) {
        threads.scheduleWithFixedDelay(task, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Runnable guarded(Runnable task) {
        AtomicBoolean heldUp = new AtomicBoolean();
        return () -> {
            try {
                task.run();
                if (heldUp.getAndSet(false)) {
                    LOG.log(Level.INFO, "{0}: the outbox goes on", stream);
                }
            } catch (RuntimeException failure) {
                // The database is away, or a bug: either way the next round tries again.
                if (!heldUp.getAndSet(true)) {
                    LOG.log(Level.WARNING, "{0}: the outbox is held up: {1}", stream, failure);
                }
            }
        };
    }

    /**
     * Runs work in one transaction as {@link Database#inTransaction} does, writes the events it caused in the same
     * transaction, and publishes them after the commit without waiting for the acknowledgement.
     *
     * @param work the work; may run more than once
     * @return what it returned
     */
    public <T> T commit(Work<T> work) {
        AtomicReference<T> result = new AtomicReference<>();
        commit(work, result::set);
        return result.get();
    }

    /**
     * As {@link #commit(Work)}, for those who wait for the commit but not for the publishing.
     *
     * @param work the work; may run more than once
     * @param told given what it returned, once that is committed and before its events are published
     */
    public <T> void commit(Work<T> work, Consumer<T> told) {
        AtomicReference<Ticket> ticket = new AtomicReference<>();
        try {
            T result = database.inTransaction(connection -> {
                withdraw(ticket.getAndSet(null));
                Emitting transaction = new Emitting(connection, new ArrayList<>(), new Volley());
                T value = work.in(transaction);
                finish(transaction, ticket);
                return value;
            });
            told.accept(result);
            if (ticket.get() != null) {
                turnstile.committed(ticket.getAndSet(null));
            }
        } finally {
            Ticket unsure = ticket.get();
            if (unsure != null) {
                // The connection may have broken after the commit: the relay looks, before anything overtakes it.
                publisher.leave();
                withdraw(unsure);
            }
        }
    }

    private void finish(Emitting transaction, AtomicReference<Ticket> ticket) throws SQLException {
        List<Outgoing> events = transaction.events();
        if (!events.isEmpty()) {
            ticket.set(turnstile.enter(events));
            try {
                ticket.get().written(OutboxTable.commit(transaction.connection(), transaction.last(), events));
            } catch (SQLException failure) {
                if (Failure.of(failure) == Failure.BUG) {
                    // The server has refused a statement, so it has not committed.
                    withdraw(ticket.getAndSet(null));
                }
                throw failure;
            }
        } else if (!transaction.last().isEmpty()) {
            try (PreparedStatement all = transaction.last().on(transaction.connection())) {
                all.execute();
            }
        }
    }

    private void withdraw(Ticket ticket) {
        if (ticket != null) {
            turnstile.withdraw(ticket);
        }
    }

    /** Waits a moment for acknowledgements under way and stops the relay. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (!publisher.isIdle() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(10_000_000);
        }
        threads.shutdownNow();
        try {
            if (threads.awaitTermination(5, TimeUnit.SECONDS)) {
                publisher.mark();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException away) {
            LOG.log(Level.DEBUG, "Left unmarked: {0}", away.getMessage());
        }
        relay.close();
        gauges.forEach(Metrics.globalRegistry()::remove);
    }

    private record Emitting(Connection connection, List<Outgoing> events, Volley last) implements Transaction {
        @Override
        public void last(String sql, Columns<?> rows) {
            last.add(sql, rows);
        }

        @Override
        public void emit(Outgoing event) {
            // One that NATS would refuse could never leave the outbox.
            if (event.payload().length > MAX_PAYLOAD || !event.subject().matches("[!-~&&[^*>]]+")) {
                throw new IllegalArgumentException("Not an event that can be published: " + event.subject());
            }
            events.add(event);
        }
    }
}
