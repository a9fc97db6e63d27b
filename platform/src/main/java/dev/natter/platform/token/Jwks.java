package dev.natter.platform.token;

import dev.natter.platform.http.Problem;
import io.helidon.common.configurable.Resource;
import io.helidon.security.jwt.jwk.Jwk;
import io.helidon.security.jwt.jwk.JwkKeys;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The public keys of the installation, RFC 7517. Read when first needed, when a token names a key that isn't among
 * them, and when they are old; never more often than every few seconds, so that forged key ids can't be turned into a
 * flood. A set that was once read outlives failures to read it again. Thread-safe.
 */
final class Jwks {
    static final Duration AFTER_SUCCESS = Duration.ofSeconds(3);
    static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    static final Duration OLD = Duration.ofMinutes(10);

    private static final Logger LOG = System.getLogger(Jwks.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MAX_BYTES = 64 * 1024;

    /** Made when first needed: it reads the system's certificates, which a start needn't wait for. */
    private static final class Http {
        private static final HttpClient CLIENT =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    }

    /** What was read, and when the next attempt is due; {@code keys} is null until there were any. */
    private record Reading(Map<String, Jwk> keys, Instant readAt, Instant notBefore) {}

    private final String algorithm;
    private final Callable<byte[]> source;
    private final Clock clock;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Reading last = new Reading(null, Instant.MIN, Instant.MIN);
    private volatile Runnable removal = () -> {};

    Jwks(String algorithm, Callable<byte[]> source, Clock clock) {
        this.algorithm = algorithm;
        this.source = source;
        this.clock = clock;
    }

    /** Asks to be told when a key has gone: what it had signed counts no more. */
    void onRemoval(Runnable action) {
        removal = action;
    }

    Optional<Jwk> find(String id) {
        if (id == null) {
            return Optional.empty();
        }
        if (lacks(last, id)) {
            reading.lock();
            refresh(id);
        } else if (old(last) && reading.tryLock()) {
            refresh(id);
        }
        Map<String, Jwk> keys = last.keys();
        if (keys == null) {
            throw Problem.unavailable("Access tokens can't be verified at the moment.")
                    .refuse();
        }
        return Optional.ofNullable(keys.get(id));
    }

    private boolean lacks(Reading known, String id) {
        return known.keys() == null || !known.keys().containsKey(id);
    }

    private boolean old(Reading known) {
        return clock.instant().isAfter(known.readAt().plus(OLD));
    }

    // Called with the lock, which is given back. Who lacks a key while another reads waits for that reading and looks
    // again; who only finds the set old leaves it to the other.
    private void refresh(String id) {
        try {
            Instant now = clock.instant();
            if ((lacks(last, id) || old(last)) && !now.isBefore(last.notBefore())) {
                last = read(last, now);
            }
        } finally {
            reading.unlock();
        }
    }

    private Reading read(Reading before, Instant now) {
        try {
            Map<String, Jwk> keys = parse(source.call());
            if (before.keys() != null
                    && !keys.keySet().containsAll(before.keys().keySet())) {
                removal.run();
            }
            return new Reading(keys, now, now.plus(AFTER_SUCCESS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return before;
        } catch (Exception failure) {
            LOG.log(Level.WARNING, "The key set can''t be read: {0}", failure.toString());
            return new Reading(
                    before.keys(), before.readAt(), now.plus(before.keys() == null ? AFTER_FAILURE : AFTER_SUCCESS));
        }
    }

    // Only keys of the installation's algorithm exist here: an RSA key can never be asked to act as an HMAC secret.
    private Map<String, Jwk> parse(byte[] json) {
        return JwkKeys.builder().resource(Resource.create("jwks", json)).build().keys().stream()
                .filter(key -> key.keyId() != null && algorithm.equals(key.algorithm()))
                .collect(Collectors.toUnmodifiableMap(Jwk::keyId, Function.identity()));
    }

    static byte[] download(URI url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
        var exchange = Http.CLIENT.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
        try {
            // The request's own time-out ends with the headers; this one covers the body.
            HttpResponse<byte[]> answer = exchange.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw new IOException(url + " answers " + answer.statusCode());
            }
            return answer.body();
        } finally {
            exchange.cancel(true);
        }
    }
}
