package dev.natter.local;

import java.net.URI;

/** All of Natter, running on this machine. */
public final class Natter implements AutoCloseable {
    private Natter() {}

    /**
     * Starts everything; returns when requests are answered.
     *
     * @param options how
     * @return what runs
     * @throws StartFailure with one clear line, if it can't start; nothing is left running then
     */
    public static Natter start(Options options) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Where clients go.
     *
     * @return as in {@code http://127.0.0.1:8000}
     */
    public URI baseUri() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * A service's internal listener; in one process it is the same for all.
     *
     * @param service as in {@code message}
     * @return its address
     */
    public URI internalUri(String service) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Kills a process as {@code kill -9} does; it is started again soon.
     *
     * @param process {@code postgres} or {@code nats}; of five processes also {@code auth}, {@code chat},
     *     {@code message}, {@code media}, {@code realtime}, {@code nginx}
     */
    public void crash(String process) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Stops everything in order; returns when all of it has ended. Calling it again does nothing. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("skeleton");
    }
}
