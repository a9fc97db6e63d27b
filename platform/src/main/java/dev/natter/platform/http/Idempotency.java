package dev.natter.platform.http;

import dev.natter.platform.token.Sha256;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
 *
 * <p>Two attempts with one key exclude each other by an advisory lock of their transactions. It is tried, never waited
 * for: a client that retries while its first attempt still runs hears 409 at once instead of holding a connection.
 */
public final class Idempotency {
    /** Names an attempt, so that a retry is known as one. */
    public static final HeaderName KEY = HeaderNames.create("Idempotency-Key");

    /** Says that an answer is that of an earlier attempt. */
    public static final Header REPLAYED = HeaderValues.createCached("Idempotent-Replayed", "true");

    static final int MAX_KEY = 200;

    // A statement of its own, before the look-up: under READ COMMITTED each statement sees what was committed when it
    // began, so a look-up that begins with the lock held can't miss an answer stored by the lock's last holder.
    private static final String LOCK = "SELECT pg_try_advisory_xact_lock(?)";

    private static final String FIND =
            "SELECT request, status, body, location FROM idempotency WHERE user_id = ? AND key = ?";

    private static final String STORE =
            "INSERT INTO idempotency (user_id, key, request, status, body, location) VALUES (?, ?, ?, ?, ?, ?)";

    // Each answer stored takes at most a few old ones with it: the table stays bounded without a timer, and no request
    // pays for a backlog.
    private static final String SWEEP = """
            DELETE FROM idempotency WHERE (user_id, key) IN (
              SELECT user_id, key FROM idempotency WHERE created_at < now() - interval '24 hours'
              ORDER BY created_at LIMIT 4 FOR UPDATE SKIP LOCKED)""";

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
            if (location != null) {
                response.header(HeaderValues.create(HeaderNames.LOCATION, location));
            }
            if (replayed) {
                response.header(REPLAYED);
            }
            Json.send(response, replayed ? Status.OK_200 : Status.create(status), body);
        }
    }

    private final UUID userId;
    private final String key;
    private final byte[] digest;

    private Idempotency(UUID userId, String key, byte[] digest) {
        this.userId = userId;
        this.key = key;
        this.digest = digest;
    }

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
        String what = request.prologue().method().text() + " "
                + request.path().absolute().rawPath();
        return of(key(request).orElse(null), userId, what, body);
    }

    /**
     * Reads the request's key, for those who keep what was done under it in a table of their own.
     *
     * @param request the request
     * @return the key, or empty if there is none
     * @throws Refused 422 for a key that isn't 1 to 200 printable ASCII characters
     */
    public static Optional<String> key(ServerRequest request) {
        return request.headers().first(KEY).map(Idempotency::checked);
    }

    static Idempotency of(String key, UUID userId, String what, byte[] body) {
        return key == null
                ? new Idempotency(userId, null, null)
                : new Idempotency(userId, checked(key), sha256(what, body));
    }

    private static String checked(String key) {
        boolean printable = key.chars().allMatch(character -> character >= ' ' && character < 0x7f);
        if (key.isEmpty() || key.length() > MAX_KEY || !printable) {
            throw Problem.invalid(List.of(new Problem.FieldError(
                            KEY.defaultCase(),
                            "invalid_key",
                            "An Idempotency-Key is 1 to " + MAX_KEY + " printable ASCII characters.")))
                    .refuse();
        }
        return key;
    }

    /**
     * Looks for the first answer and holds the key until the transaction ends.
     *
     * @param connection the connection of the transaction that creates
     * @return the first answer, or empty if this is the first attempt
     * @throws Refused 422 if the first attempt had another body, 409 if it is still running
     */
    public Optional<Answer> replay(Connection connection) throws SQLException {
        if (key == null) {
            return Optional.empty();
        }
        if (!lock(connection)) {
            throw new Problem(
                            409,
                            "idempotency_in_progress",
                            "The first request with this Idempotency-Key is still running.",
                            true,
                            Duration.ofSeconds(1),
                            List.of())
                    .refuse();
        }
        try (PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setObject(1, userId);
            find.setString(2, key);
            try (ResultSet row = find.executeQuery()) {
                return row.next() ? Optional.of(first(row)) : Optional.empty();
            }
        }
    }

    private Answer first(ResultSet row) throws SQLException {
        if (!MessageDigest.isEqual(row.getBytes(1), digest)) {
            throw Problem.of(422, "idempotency_key_reused", "This Idempotency-Key was used for another request.")
                    .refuse();
        }
        return new Answer(row.getInt(2), row.getBytes(3), row.getString(4), true);
    }

    /**
     * Stores the first answer in the same transaction.
     *
     * @param connection the connection of the transaction that creates
     * @param answer the answer
     * @return the same answer
     */
    public Answer store(Connection connection, Answer answer) throws SQLException {
        if (key == null) {
            return answer;
        }
        try (PreparedStatement store = connection.prepareStatement(STORE)) {
            store.setObject(1, userId);
            store.setString(2, key);
            store.setBytes(3, digest);
            store.setInt(4, answer.status());
            store.setBytes(5, answer.body());
            store.setString(6, answer.location());
            store.executeUpdate();
        }
        try (PreparedStatement sweep = connection.prepareStatement(SWEEP)) {
            sweep.executeUpdate();
        }
        return answer;
    }

    private boolean lock(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            byte[] name = sha256("idempotency " + userId, key.getBytes(StandardCharsets.US_ASCII));
            lock.setLong(1, ByteBuffer.wrap(name).getLong());
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static byte[] sha256(String what, byte[] body) {
        MessageDigest sha256 = Sha256.begin();
        sha256.update((what + "\n").getBytes(StandardCharsets.UTF_8));
        return sha256.digest(body);
    }
}
