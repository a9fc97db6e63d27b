package dev.natter.faults;

import dev.natter.local.Alone;
import dev.natter.servers.Child;
import java.net.URI;
import java.time.Duration;

/**
 * A process of ours with its own ways to NATS and PostgreSQL.
 *
 * @param name as in {@code message-service}
 * @param child the process
 * @param nats its way to NATS
 * @param database its way to PostgreSQL, or null
 * @param open its public listener
 * @param internal its internal listener
 */
record Unit(String name, Child child, Link nats, Link database, URI open, URI internal) implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);

    void start() {
        child.start(START, 3);
        child.keep();
    }

    boolean ready() {
        return child.alive() && Alone.ready(internal);
    }

    boolean isGateway() {
        return !name.endsWith("-service");
    }

    @Override
    public void close() {
        child.close();
        nats.close();
        if (database != null) {
            database.close();
        }
    }
}
