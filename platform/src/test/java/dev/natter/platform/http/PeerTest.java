package dev.natter.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.natter.platform.token.SharedSecret;
import dev.natter.testing.Ground;
import dev.natter.testing.StubPeer;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerTest {
    private static final SharedSecret SECRET =
            SharedSecret.from(Config.just(ConfigSources.create(Map.of("secret.key", Ground.SECRET_KEY))));

    private final StubPeer neighbour = new StubPeer();
    private final Peer peer = new Peer("neighbour", neighbour.base(), SECRET);

    /** What is asked and answered. */
    record Thing(String name) {}

    @AfterEach
    void close() {
        neighbour.close();
    }

    @Test
    void aQuestionCarriesTheCredential() {
        neighbour.on("GET", "/things/1", request -> StubPeer.Answer.ok(new Thing("one")));

        assertThat(peer.get("/things/1?x=y", Thing.class)).contains(new Thing("one"));
        assertThat(neighbour.asked().getFirst().credential()).isEqualTo(SECRET.credential());
        assertThat(neighbour.asked().getFirst().query("x")).isEqualTo("y");
    }

    @Test
    void whatIsNotThereIsEmpty() {
        assertThat(peer.get("/things/2", Thing.class)).isEmpty();
    }

    @Test
    void aQuestionMayHaveABody() {
        neighbour.on("POST", "/things", request -> StubPeer.Answer.ok(request.as(Thing.class)));

        assertThat(peer.post("/things", new Thing("two"), Thing.class)).isEqualTo(new Thing("two"));
    }

    @Test
    void aPeerThatFailsOrIsGoneOrIsSlowIsUnavailable() {
        CountDownLatch never = new CountDownLatch(1);
        neighbour.on("GET", "/broken", request -> new StubPeer.Answer(500, null));
        neighbour.on("GET", "/slow", request -> {
            try {
                never.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return StubPeer.Answer.absent();
        });
        Peer gone = new Peer("gone", URI.create("http://127.0.0.1:1"), SECRET);

        assertUnavailable(() -> peer.get("/broken", Thing.class));
        assertUnavailable(() -> peer.get("/slow", Thing.class));
        assertUnavailable(() -> peer.post("/nowhere", new Thing("x"), Thing.class));
        assertUnavailable(() -> gone.get("/things", Thing.class));
        never.countDown();
    }

    @Test
    void whatAPeerRefusesAClientIsRefusedToThem() {
        var gone = Problem.of(410, "gone", "It is gone.");
        neighbour.on("POST", "/things", request -> new StubPeer.Answer(410, Json.parse(gone.json("r"), Map.class)));

        assertThatThrownBy(() -> peer.relay("/things", Json.bytes(new Thing("x")), true, Thing.class))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.problem()).isEqualTo(gone));
        assertUnavailable(() -> peer.relay("/nowhere", Json.bytes(new Thing("x")), true, Thing.class));
    }

    @Test
    void onlyWhatMayBeDoneTwiceIsTriedTwice() throws IOException {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket rude = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> hangUp(rude, connections));
            Peer dying = new Peer("dying", URI.create("http://127.0.0.1:" + rude.getLocalPort()), SECRET);

            assertUnavailable(() -> dying.relay("/things", new byte[] {'{', '}'}, false, Thing.class));
            assertThat(connections).hasValue(1);
            assertUnavailable(() -> dying.relay("/things", new byte[] {'{', '}'}, true, Thing.class));
            assertThat(connections).hasValue(3);
        }
    }

    private static void hangUp(ServerSocket listening, AtomicInteger connections) {
        try {
            while (true) {
                try (Socket socket = listening.accept()) {
                    connections.incrementAndGet();
                    socket.getInputStream().read(new byte[1000]);
                }
            }
        } catch (IOException closed) {
            connections.get();
        }
    }

    @Test
    void aPeerThatStopsInTheMiddleOfItsAnswerIsUnavailable() throws IOException {
        try (ServerSocket stalling = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> answerHalf(stalling));
            Peer half = new Peer("half", URI.create("http://127.0.0.1:" + stalling.getLocalPort()), SECRET);

            assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> assertUnavailable(() -> half.get("/things/1", Thing.class)));
        }
    }

    private static void answerHalf(ServerSocket listening) {
        try {
            Socket socket = listening.accept();
            byte[] half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(half);
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private static void assertUnavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable question) {
        assertThatThrownBy(question).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.problem().status()).isEqualTo(503);
            assertThat(refused.problem().retryable()).isTrue();
        });
    }
}
