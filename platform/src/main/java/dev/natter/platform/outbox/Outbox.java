package dev.natter.platform.outbox;

import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Columns;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Failure;
import dev.natter.platform.db.Volley;
import dev.natter.platform.outbox.OutboxTable.Written;
import dev.natter.platform.outbox.Turnstile.Ticket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;

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

    private static final int MAX_PAYLOAD = 1_000_000;
    private static final Pattern PLAIN = Pattern.compile("[!-~&&[^*>]]+");

    private final Database database;
    private final Bus bus;
    private final String stream;
    private final String subjects;
    private final Publisher publisher;
    private final Turnstile turnstile;
    private final Rounds rounds;

    /** Publishes for those who don't wait for it. */
    private final ExecutorService publishing;

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
        OutboxTable table = new OutboxTable(database);
        this.publisher = new Publisher(bus, table);
        this.turnstile = new Turnstile(publisher::afterCommit);
        Relay relay =
                new Relay(bus, table, publisher, turnstile, database.lock("outbox " + stream), stream, subjects, keep);
        this.rounds = new Rounds(stream, table, publisher, relay);
        this.publishing = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name("outbox-publishing-" + stream).factory());
    }

    /**
     * Makes sure that the stream exists and starts the relay. Its first round is over when this returns, so that what a
     * crash left behind goes out before anything new.
     */
    public void start() {
        bus.stream(stream, subjects);
        rounds.start();
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
        commit(work, result::set, Runnable::run);
        return result.get();
    }

    /**
     * As {@link #commit(Work)}, for those who wait for the commit but not for the publishing.
     *
     * @param work the work; may run more than once
     * @param told given what it returned, once that is committed and before its events are published
     */
    public <T> void commit(Work<T> work, Consumer<T> told) {
        commit(work, told, publishing);
    }

    private <T> void commit(Work<T> work, Consumer<T> told, Executor where) {
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
            publish(ticket, where);
        } finally {
            abandon(ticket.get());
        }
    }

    /**
     * A statement for {@link #append}.
     *
     * @param tables common table expressions that write the rows; one is called {@code granted} and has in its column
     *     {@code place} the places, from 1, of the events that are to be written
     * @return the statement: constant, to be made once
     */
    public static String appending(String tables) {
        return OutboxTable.appending(tables);
    }

    /**
     * Writes rows and their events by one statement that is a transaction of its own, and so in one round trip. For
     * those who guess what the database holds, and let the statement find out what of it is true. The events are
     * published after the commit without waiting for the acknowledgement.
     *
     * @param statement from {@link #appending}
     * @param rows the parameters of its tables
     * @param events in the order of their places
     * @param told given the places of those that were written, here from 0, once that is committed and before they are
     *     published; none if others were in the way (deadlock, serialization failure)
     * @throws dev.natter.platform.http.Refused 503 if the database can't be reached now
     */
    public void append(String statement, Columns<?> rows, List<Outgoing> events, Consumer<BitSet> told) {
        AtomicReference<Ticket> ticket = new AtomicReference<>();
        try {
            Written written = database.write(connection -> {
                ticket.set(turnstile.enter(events));
                try {
                    return OutboxTable.append(connection, statement, rows, events);
                } catch (SQLException failure) {
                    if (Failure.of(failure) != Failure.PASSING) {
                        // The server has refused the statement, so it has written nothing.
                        withdraw(ticket.getAndSet(null));
                    }
                    if (Failure.of(failure) == Failure.REPEATABLE) {
                        return new Written(List.of(), new BitSet());
                    }
                    throw failure;
                }
            });
            told.accept(written.places());
            if (ticket.get() != null) {
                ticket.get().written(written.rows());
            }
            publish(ticket, publishing);
        } finally {
            abandon(ticket.get());
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

    private void publish(AtomicReference<Ticket> ticket, Executor where) {
        Ticket committed = ticket.get();
        if (committed != null) {
            where.execute(() -> let(committed));
            ticket.set(null);
        }
    }

    private void let(Ticket committed) {
        try {
            turnstile.committed(committed);
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "Committed, but not published; the relay will", bug);
            publisher.leave();
        }
    }

    /** The connection may have broken after the commit: the relay looks, before anything overtakes it. */
    private void abandon(Ticket unsure) {
        if (unsure != null) {
            publisher.leave();
            withdraw(unsure);
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
        publishing.close();
        rounds.close();
    }

    private record Emitting(Connection connection, List<Outgoing> events, Volley last) implements Transaction {
        @Override
        public void last(String sql, Columns<?> rows) {
            last.add(sql, rows);
        }

        @Override
        public void emit(Outgoing event) {
            // One that NATS would refuse could never leave the outbox.
            if (event.payload().length > MAX_PAYLOAD
                    || !PLAIN.matcher(event.subject()).matches()
                    || !PLAIN.matcher(event.id()).matches()) {
                throw new IllegalArgumentException("Not an event that can be published: " + event.subject());
            }
            events.add(event);
        }
    }
}
