package dev.natter.platform.outbox;

import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.StreamState;
import dev.natter.platform.db.AdvisoryLock;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Publishes, in the order of their ids, what was committed but isn't known to be in the stream: what a crash left
 * between commit and acknowledgement, what an outage of NATS held up, and what a stream has lost. One process among all
 * that share the database does it, elected by a lock. Everything it does is harmless when done twice. Used by one
 * thread.
 *
 * <p>What was never published goes first, and the direct path begins again, before anything is published again: after a
 * mere restart of NATS that is ten minutes of events that everybody has, and nobody who waits for a new message may
 * wait for them.
 */
final class Relay {
    private static final Logger LOG = System.getLogger(Relay.class.getName());
    /** Rows; each may be an envelope of some hundred kilobytes. */
    private static final int BATCH = 100;

    private static final int CATCH_UPS = 5;

    /** So much is published again in a round that the next round is never far. */
    private static final int AGAIN_BATCHES = 20;

    /** Younger rows are probably being published by the process that wrote them. */
    private static final Duration GRACE = Bus.ACK_TIMEOUT.plusSeconds(1);

    private final Bus bus;
    private final OutboxTable table;
    private final Publisher publisher;
    private final Turnstile turnstile;
    private final AdvisoryLock lock;
    private final String stream;
    private final String subjects;
    private final Duration keep;
    private boolean elected;

    Relay(
            Bus bus,
            OutboxTable table,
            Publisher publisher,
            Turnstile turnstile,
            AdvisoryLock lock,
            String stream,
            String subjects,
            Duration keep) {
        this.bus = bus;
        this.table = table;
        this.publisher = publisher;
        this.turnstile = turnstile;
        this.lock = lock;
        this.stream = stream;
        this.subjects = subjects;
        this.keep = keep;
    }

    /** One round. A process that has left something to the relay, and isn't elected, helps. */
    void tick() {
        boolean before = elected;
        elected = lock.hold();
        boolean behind = publisher.isBehind();
        if (elected || behind) {
            try {
                Optional<StreamState> another = another();
                publish(elected && !before || another.isPresent() || behind ? Duration.ZERO : GRACE);
                catchUp();
                another.ifPresent(this::forget);
                if (elected) {
                    publishAgain();
                }
            } catch (IOException notNow) {
                LOG.log(Level.DEBUG, "{0}: JetStream is away: {1}", stream, notNow.getMessage());
            }
        }
        if (elected) {
            table.sweep(keep);
        }
    }

    /** Lets the direct path begin again, once there is nothing left that it would overtake. */
    private void catchUp() {
        for (int times = 0; publisher.isBehind() && times < CATCH_UPS; times++) {
            publish(Duration.ZERO);
            turnstile.alone(publisher::catchUp);
        }
    }

    /**
     * Looks for any sign that the stream isn't what was published to: made anew, shorter than what it acknowledged, or
     * served by another run of a server, which may have lost what it had not flushed.
     *
     * @return the stream as it is, if there is such a sign
     */
    private Optional<StreamState> another() throws IOException {
        // In this order: the stream can only have grown since.
        long acknowledged = table.lastAcknowledged();
        StreamState state = bus.state(stream, subjects);
        if (state.lastSeq() < acknowledged) {
            LOG.log(Level.WARNING, "{0} has lost its tail", stream);
            return Optional.of(state);
        }
        return table.isKnown(stream, state) ? Optional.empty() : Optional.of(state);
    }

    /** Everything still remembered is to be published again; JetStream drops what it has by its {@code Nats-Msg-Id}. */
    private void forget(StreamState state) {
        int rows = table.forget(stream, state);
        if (rows > 0) {
            LOG.log(Level.INFO, "{0} is not what it was; publishing {1} events again to be sure", stream, rows);
        }
    }

    private void publish(Duration age) {
        List<Row> rows;
        long after = 0;
        do {
            rows = table.unpublished(after, age, BATCH);
            after = rows.isEmpty() ? after : rows.getLast().id();
        } while (publish(rows) && rows.size() == BATCH);
    }

    private void publishAgain() {
        List<Row> rows;
        long after = 0;
        int batches = 0;
        do {
            rows = table.forgotten(after, BATCH);
            after = rows.isEmpty() ? after : rows.getLast().id();
        } while (publish(rows) && rows.size() == BATCH && ++batches < AGAIN_BATCHES && !publisher.isBehind());
    }

    /** Whether to go on: one event that can't be published must not hold up the rest, but NATS's absence does. */
    private boolean publish(List<Row> rows) {
        List<CompletableFuture<Long>> published = new ArrayList<>();
        boolean away = false;
        for (int i = 0; i < rows.size() && !away; i++) {
            CompletableFuture<Long> next = publisher.publish(rows.get(i));
            published.add(next);
            // Were NATS back for the next one, that would overtake this one.
            away = next.isCompletedExceptionally() && next.exceptionNow() instanceof IOException;
        }
        boolean any = awaitAll(published);
        publisher.mark();
        return any && !away;
    }

    private boolean awaitAll(List<CompletableFuture<Long>> published) {
        int failed = 0;
        String why = "";
        for (CompletableFuture<Long> each : published) {
            try {
                each.get();
            } catch (ExecutionException failure) {
                failed++;
                why = String.valueOf(failure.getCause());
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        if (failed > 0) {
            LOG.log(
                    Level.INFO,
                    "{0}: {1} of {2} events not acknowledged yet: {3}",
                    stream,
                    failed,
                    published.size(),
                    why);
        }
        return failed < published.size();
    }

    void close() {
        lock.close();
    }
}
