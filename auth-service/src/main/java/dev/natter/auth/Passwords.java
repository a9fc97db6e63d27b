package dev.natter.auth;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.natter.auth.AuthConfig.Hashing;
import dev.natter.platform.http.Problem;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Argon2id (RFC 9106), kept as PHC strings. Hashing is meant to be expensive, so it has platform threads of its own and
 * a bounded queue: a flood of logins fills the queue and hears 503, while the virtual threads of all other requests
 * share the processors with at most these few. Thread-safe.
 */
final class Passwords implements AutoCloseable {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int VERSION = 19;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    // Less than clients wait: work for one who has hung up is work that another waits for.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Hashing hashing;
    private final SecureRandom random = new SecureRandom();
    private final ThreadPoolExecutor threads;
    private final String nobody;

    Passwords(Hashing hashing) {
        this.hashing = hashing;
        threads = new ThreadPoolExecutor(
                hashing.threads(),
                hashing.threads(),
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(hashing.queue()),
                Thread.ofPlatform().name("auth-password-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
        nobody = nobody();
    }

    /** Hashes a new password. */
    String hash(String password) {
        return inTurn(() -> compute(password));
    }

    /**
     * Whether a password is the right one.
     *
     * @param password what was shown
     * @param stored what is known, or null for a user that doesn't exist: then the answer is no, and takes as long
     */
    boolean matches(String password, String stored) {
        String against = stored == null ? nobody : stored;
        boolean right = inTurn(() -> Argon2Function.getInstanceFromHash(against)
                .check(bytes(password), against.getBytes(StandardCharsets.US_ASCII)));
        return right && stored != null;
    }

    /** Whether a hash was made with parameters that are no longer the ones in use. */
    boolean isOutdated(String stored) {
        return !Argon2Function.getInstanceFromHash(stored).equals(current());
    }

    /** Made by the first who needs it, and kept by the library: it brings the memory that a hash fills. */
    private Argon2Function current() {
        return Argon2Function.getInstance(hashing.memoryKib(), hashing.passes(), 1, HASH_BYTES, Argon2.ID, VERSION);
    }

    private String compute(String password) {
        return current().hash(bytes(password), random(SALT_BYTES)).getResult();
    }

    /** Some hash, of nothing that anybody knows: drawn, not computed, since nobody shall wait for it at the start. */
    private String nobody() {
        return "$argon2id$v=" + VERSION + "$m=" + hashing.memoryKib() + ",t=" + hashing.passes() + ",p=1$"
                + drawn(SALT_BYTES) + "$" + drawn(HASH_BYTES);
    }

    private String drawn(int length) {
        return Base64.getEncoder().withoutPadding().encodeToString(random(length));
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(String password) {
        return password.getBytes(StandardCharsets.UTF_8);
    }

    private <T> T inTurn(Callable<T> work) {
        Future<T> result;
        try {
            result = threads.submit(work);
        } catch (RejectedExecutionException full) {
            throw busy();
        }
        try {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            result.cancel(false);
            Thread.currentThread().interrupt();
            throw busy();
        } catch (TimeoutException late) {
            result.cancel(false);
            throw busy();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("A password could not be hashed", failed.getCause());
        }
    }

    private static RuntimeException busy() {
        return new Problem(
                        503,
                        "unavailable",
                        "Too many people are signing in; try again in a moment.",
                        true,
                        RETRY_AFTER,
                        List.of())
                .refuse();
    }

    /** How many passwords wait to be hashed. */
    int waiting() {
        return threads.getQueue().size();
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
