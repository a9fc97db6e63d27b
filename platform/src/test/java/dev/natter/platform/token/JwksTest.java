package dev.natter.platform.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Refused;
import dev.natter.testing.Hands;
import dev.natter.testing.Samples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class JwksTest {
    private static final Map<String, Object> FIRST = Forge.jwk("one", Forge.elliptic());
    private static final Map<String, Object> SECOND = Forge.jwk("two", Forge.elliptic());

    private final Hands clock = new Hands(Instant.now());
    private final AtomicInteger readings = new AtomicInteger();
    private volatile byte[] published = Forge.jwks(FIRST);
    private final Jwks jwks = new Jwks("ES256", this::read, clock);

    @Test
    void aKeyThatIsKnownIsNotReadAgain() {
        assertThat(jwks.find("one")).isPresent();
        assertThat(jwks.find("one")).isPresent();

        assertThat(readings).hasValue(1);
    }

    @Test
    void theKeysOfAuthServiceAreUnderstoodAsTheSampleHasThem() {
        published = Json.bytes(Samples.json("jwks"));

        assertThat(jwks.find(Samples.json("jwks").at("/keys/0/kid").asString())).isPresent();
    }

    @Test
    void anUnknownKeyIsLookedForButNotForEveryToken() {
        jwks.find("one");
        published = Forge.jwks(FIRST, SECOND);

        for (int i = 0; i < 100; i++) {
            assertThat(jwks.find("two")).isEmpty();
        }
        assertThat(readings).hasValue(1);

        clock.advance(Jwks.AFTER_SUCCESS);
        assertThat(jwks.find("two")).isPresent();
        assertThat(readings).hasValue(2);
    }

    @Test
    void keysSurviveTheLossOfTheirSource() {
        jwks.find("one");
        published = null;
        clock.advance(Jwks.OLD.plusSeconds(1));

        assertThat(jwks.find("one")).isPresent();
        assertThat(jwks.find("two")).isEmpty();
        assertThat(readings).hasValue(2);
    }

    @Test
    void withoutAnyKeysTheAnswerIsNotNow() {
        published = null;

        for (int i = 0; i < 10; i++) {
            Refused refused = catchThrowableOfType(Refused.class, () -> jwks.find("one"));
            assertThat(refused.problem().status()).isEqualTo(503);
            assertThat(refused.problem().retryable()).isTrue();
        }
        assertThat(readings).hasValue(1);

        published = Forge.jwks(FIRST);
        clock.advance(Jwks.AFTER_FAILURE);
        assertThat(jwks.find("one")).isPresent();
    }

    @Test
    void aWithdrawnKeyIsNoticed() {
        var withdrawn = new AtomicInteger();
        jwks.onRemoval(withdrawn::incrementAndGet);
        published = Forge.jwks(FIRST, SECOND);
        jwks.find("one");

        published = Forge.jwks(SECOND);
        clock.advance(Jwks.OLD.plusSeconds(1));

        assertThat(jwks.find("one")).isEmpty();
        assertThat(withdrawn).hasValue(1);
    }

    @Test
    void keysOfOtherKindsAreNotThere() {
        published =
                Forge.jwks(FIRST, Forge.jwk("rsa", Forge.rsa()), Map.of("kty", "oct", "kid", "oct", "k", "c2VjcmV0"));

        assertThat(jwks.find("one")).isPresent();
        assertThat(jwks.find("rsa")).isEmpty();
        assertThat(jwks.find("oct")).isEmpty();
    }

    @Test
    void manyWhoWaitShareOneReading() throws Exception {
        var begun = new CountDownLatch(1);
        var slow = new Jwks(
                "ES256",
                () -> {
                    begun.await();
                    return read();
                },
                clock);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var found = java.util.stream.IntStream.range(0, 50)
                    .mapToObj(_ -> threads.submit(() -> slow.find("one")))
                    .toList();
            begun.countDown();
            for (var one : found) {
                assertThat(one.get()).isPresent();
            }
        }
        assertThat(readings).hasValue(1);
    }

    @Test
    void aSourceThatStallsOrNeverEndsIsGivenUp() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var release = new CountDownLatch(1);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/good", exchange -> {
            exchange.sendResponseHeaders(200, published.length);
            exchange.getResponseBody().write(published);
            exchange.close();
        });
        server.createContext("/stalls", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("{\"keys\":".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            awaitQuietly(release);
            exchange.close();
        });
        server.createContext("/huge", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[1 << 20]);
            exchange.close();
        });
        server.createContext("/error", exchange -> {
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        server.start();
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());

        try {
            assertThat(Jwks.download(base.resolve("/good"))).isEqualTo(published);
            assertThatThrownBy(() -> Jwks.download(base.resolve("/stalls"))).isInstanceOf(Exception.class);
            assertThatThrownBy(() -> Jwks.download(base.resolve("/huge"))).isInstanceOf(Exception.class);
            assertThatThrownBy(() -> Jwks.download(base.resolve("/error"))).isInstanceOf(IOException.class);
        } finally {
            release.countDown();
            server.stop(0);
        }
        assertThatThrownBy(() -> Jwks.download(base.resolve("/good"))).isInstanceOf(Exception.class);
    }

    private byte[] read() throws IOException {
        readings.incrementAndGet();
        if (published == null) {
            throw new IOException("The source is away");
        }
        return published;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
