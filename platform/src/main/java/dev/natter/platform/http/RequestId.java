package dev.natter.platform.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The id of the request that this thread is working for; it travels in {@code X-Request-Id}, through NATS, and into
 * every log line. Bound to a scope, so it can't leak to the next request of a thread.
 */
public final class RequestId {
    /** The header that it travels in. */
    public static final HeaderName HEADER = HeaderNames.create("X-Request-Id");

    private static final ScopedValue<String> CURRENT = ScopedValue.newInstance();
    private static final int MAX_LENGTH = 128;

    private RequestId() {}

    /**
     * The current id.
     *
     * @return the id, or null outside of a request
     */
    public static String current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /**
     * The id for a request that came in: its own, if it is one that can be written into a log line as it is, else a new
     * one.
     *
     * @param shown what the request showed, or null
     * @return an id
     */
    public static String accept(String shown) {
        boolean usable = shown != null
                && !shown.isEmpty()
                && shown.length() <= MAX_LENGTH
                && shown.chars().allMatch(RequestId::isPlain);
        return usable ? shown : drawn();
    }

    /** A version 4 UUID (RFC 9562, section 5.4), but not from a secure source: nobody gains by guessing it. */
    private static String drawn() {
        var random = ThreadLocalRandom.current();
        long first = random.nextLong() & ~0xF000L | 0x4000L;
        long second = random.nextLong() >>> 2 | Long.MIN_VALUE;
        return new UUID(first, second).toString();
    }

    /**
     * Works for a request.
     *
     * @param id its id
     * @param work the work
     * @return what the work returned
     */
    public static <T, X extends Throwable> T during(String id, ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, id).call(work);
    }

    private static boolean isPlain(int c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '.' || c == '_' || c == '-';
    }
}
