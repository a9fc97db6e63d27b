package dev.natter.platform.bus;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Notices whenever deliveries may have been missed. Any number of reasons that come together are one gap. Before anyone
 * is told, the server has confirmed that it knows the subscriptions again: a head that is read then can't be overtaken
 * unseen.
 */
final class Gaps implements ConnectionListener, ErrorListener, AutoCloseable {
    private static final Logger LOG = System.getLogger(Gaps.class.getName());

    private final String name;
    private final BusMeters meters;
    private final List<Runnable> actions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean pending = new AtomicBoolean();

    /** Each attempt to reconnect that fails is told as one more disconnection; only the first is news. */
    private final AtomicBoolean up = new AtomicBoolean();

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("bus-gap").factory());

    Gaps(String name, BusMeters meters) {
        this.name = name;
        this.meters = meters;
    }

    void add(Runnable action) {
        actions.add(action);
    }

    @Override
    @SuppressWarnings("deprecation") // its successor is a default method that calls this one, which must exist
    public void connectionEvent(Connection connection, Events event) {
        switch (event) {
            case CONNECTED -> up.set(true);
            case DISCONNECTED -> {
                if (up.getAndSet(false) && !thread.isShutdown()) {
                    LOG.log(Level.WARNING, "{0} lost NATS", name);
                }
            }
            case RECONNECTED -> {
                up.set(true);
                LOG.log(Level.INFO, "{0} is back at NATS", name);
            }
            case RESUBSCRIBED -> gap(connection, "reconnected");
            default -> LOG.log(Level.DEBUG, "{0}: {1}", name, event);
        }
    }

    @Override
    public void slowConsumerDetected(Connection connection, Consumer consumer) {
        gap(connection, "deliveries were dropped");
    }

    @Override
    public void messageDiscarded(Connection connection, Message message) {
        LOG.log(Level.DEBUG, "{0} discarded a message to {1}", name, message.getSubject());
    }

    @Override
    public void errorOccurred(Connection connection, String error) {
        LOG.log(Level.WARNING, "{0}: NATS says {1}", name, error);
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception failure) {
        LOG.log(Level.DEBUG, () -> name + ": " + failure);
    }

    /** Something may have been missed: everyone who asked is told as soon as the server can be sure of them again. */
    void gap(Connection connection, String why) {
        LOG.log(Level.DEBUG, "{0} may have missed something: {1}", name, why);
        if (pending.compareAndSet(false, true) && !thread.isShutdown()) {
            meters.gap();
            thread.execute(() -> tell(connection));
        }
    }

    private void tell(Connection connection) {
        try {
            while (!confirmed(connection)) {
                LOG.log(Level.DEBUG, "{0} waits for NATS to confirm its subscriptions", name);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return;
        }
        pending.set(false);
        for (Runnable action : actions) {
            try {
                action.run();
            } catch (RuntimeException failure) {
                LOG.log(Level.ERROR, "A gap could not be looked after", failure);
            }
        }
    }

    /** A server that merely hangs is waited for; the end of a connection is followed by a gap of its own. */
    private static boolean confirmed(Connection connection) throws InterruptedException {
        try {
            connection.flush(Duration.ofSeconds(5));
            return true;
        } catch (TimeoutException | IllegalStateException notNow) {
            LOG.log(Level.DEBUG, "Not confirmed: {0}", notNow.getMessage());
            return connection.getStatus() != Connection.Status.CONNECTED;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
