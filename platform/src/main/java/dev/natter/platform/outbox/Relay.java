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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Publishes, in the order of their ids, what was committed but isn't known to be in the stream: what a crash left
 * between commit and acknowledgement, what an outage of NATS held up, and what a stream has lost. One process among all
 * that share the database does it, elected by a lock. Everything it does is harmless when done twice. Used by one
 * thread.
 */
final class Relay {
    private static final Logger LOG = System.getLogger(Relay.class.getName());
    private static final int BATCH = 500;
    private static final int CATCH_UPS = 5;

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
                boolean again = verify();
                publish(elected && !before || again || behind ? Duration.ZERO : GRACE);
                catchUp();
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
     * served by another run of a server, which may have lost what it had not flushed. Then everything still remembered
     * is published again; JetStream drops what it has by its {@code Nats-Msg-Id}.
     */
    private boolean verify() throws IOException {
        // In this order: the stream can only have grown since.
        long acknowledged = table.lastAcknowledged();
        StreamState state = bus.state(stream, subjects);
        boolean same = table.isKnown(stream, state);
        if (same && state.lastSeq() >= acknowledged) {
            return false;
        }
        int rows = table.forget(stream, state);
        if (rows > 0) {
            // A server that was merely restarted is no cause for alarm, only for making sure.
            boolean lost = state.lastSeq() < acknowledged;
            LOG.log(
                    lost ? Level.WARNING : Level.INFO,
                    lost
                            ? "{0} has lost its tail; publishing {1} events again"
                            : "{0} is on another run of NATS; publishing {1} events again to be sure",
                    stream,
                    rows);
        }
        return true;
    }

    private void publish(Duration age) {
        long after = 0;
        while (true) {
            List<Row> rows = table.unpublished(after, age, BATCH);
            if (rows.isEmpty()) {
                return;
            }
            after = rows.getLast().id();
            List<CompletableFuture<Long>> published = new ArrayList<>();
            rows.forEach(row -> published.add(publisher.publish(row)));
            boolean any = awaitAll(published);
            publisher.mark();
            if (!any || rows.size() < BATCH) {
                return;
            }
        }
    }

    /** Whether at least one got through: one event that can't be published must not hold up the rest. */
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
