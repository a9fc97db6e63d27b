package dev.natter.platform.http;

import dev.natter.platform.token.SharedSecret;
import java.net.URI;
import java.util.Optional;

/**
 * Another service of this installation, asked over its internal listener. Waits at most two seconds; carries the
 * request id on; shows the credential of {@link SharedSecret}.
 */
public final class Peer {
    /**
     * Names a peer.
     *
     * @param name its name, for logs and metrics, as in {@code chat}
     * @param base where its internal listener is
     * @param secret what the installation's services share
     */
    public Peer(String name, URI base, SharedSecret secret) {}

    /**
     * Asks for a thing.
     *
     * @param path path and query
     * @param type what the answer is
     * @return the answer, or empty on 404
     * @throws Refused 503, retryable, if the peer can't be reached, is slow or answers anything else
     */
    public <T> Optional<T> get(String path, Class<T> type) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Asks a question that needs a body.
     *
     * @param path path and query
     * @param body what to ask, written as JSON
     * @param type what the answer is
     * @return the answer
     * @throws Refused 503, retryable, if the peer can't be reached, is slow or answers anything but 2xx
     */
    public <T> T post(String path, Object body, Class<T> type) {
        throw new UnsupportedOperationException("skeleton");
    }
}
