package dev.natter.platform.http;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code Idempotency-Key} for POSTs that create. The first answer is stored in the transaction that creates, so that
 * neither can exist without the other; a retry gets it again with 200 and {@code Idempotent-Replayed: true}. Kept for
 * 24 hours in the table {@code idempotency}.
 *
 * <pre>
 *   var attempt = Idempotency.of(request, caller.userId(), body);      // a value; touches nothing
 *   Answer answer = outbox.commit(tx -&gt; {
 *       Optional&lt;Answer&gt; first = attempt.replay(tx.connection());      // 422 on another body, 409 while still running
 *       if (first.isPresent()) return first.get();
 *       ... create ...
 *       return attempt.store(tx.connection(), new Answer(201, Json.bytes(created), location));
 *   });
 *   answer.send(response);
 * </pre>
 */
public final class Idempotency {
    /**
     * An answer that can be given again.
     *
     * @param status its HTTP status the first time
     * @param body UTF-8 JSON
     * @param location the {@code Location} header, or null
     * @param replayed whether this is a repetition
     */
    public record Answer(int status, byte[] body, String location, boolean replayed) {
        /**
         * A first answer.
         *
         * @param status its HTTP status
         * @param body UTF-8 JSON
         * @param location the {@code Location} header, or null
         */
        public Answer(int status, byte[] body, String location) {
            this(status, body, location, false);
        }

        /**
         * Sends it: with its own status, or as 200 with {@code Idempotent-Replayed: true}.
         *
         * @param response the response
         */
        public void send(ServerResponse response) {
            throw new UnsupportedOperationException("skeleton");
        }
    }

    private Idempotency() {}

    /**
     * Reads the request's key.
     *
     * @param request the request
     * @param userId whose key it is
     * @param body the request's body, or whatever stands for it
     * @return the attempt; without a key, {@link #replay} is always empty and {@link #store} stores nothing
     * @throws Refused 422 for a key that isn't 1 to 200 printable ASCII characters
     */
    public static Idempotency of(ServerRequest request, UUID userId, byte[] body) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Looks for the first answer and holds the key until the transaction ends.
     *
     * @param connection the connection of the transaction that creates
     * @return the first answer, or empty if this is the first attempt
     * @throws Refused 422 if the first attempt had another body, 409 if it is still running
     */
    public Optional<Answer> replay(Connection connection) throws SQLException {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Stores the first answer in the same transaction.
     *
     * @param connection the connection of the transaction that creates
     * @param answer the answer
     * @return the same answer
     */
    public Answer store(Connection connection, Answer answer) throws SQLException {
        throw new UnsupportedOperationException("skeleton");
    }
}
