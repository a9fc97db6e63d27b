package dev.natter.tests;

import java.net.URI;

/** A running Natter, wherever it runs. Thread-safe. */
public interface Installation extends AutoCloseable {
    /**
     * Where clients go.
     *
     * @return as in {@code http://127.0.0.1:8000}
     */
    URI baseUri();

    /**
     * A service's internal listener, as this machine reaches it.
     *
     * @param service as in {@code message}
     * @return its address
     */
    URI internalUri(String service);

    /**
     * Where its NATS is, as this machine reaches it.
     *
     * @return with user and password
     */
    String natsUrl();

    /**
     * Kills a process as {@code kill -9} does; it is started again soon.
     *
     * @param process {@code postgres}, {@code nats}, or a service as in {@code message}
     */
    void crash(String process);

    @Override
    void close();
}
