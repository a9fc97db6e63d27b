package dev.natter.platform.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Api;
import io.helidon.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a rolling update stands on: between being told to stop and stopping, a node is not ready and serves as ever. */
class ShutdownDelayTest {
    private static final Duration DELAY = Duration.ofSeconds(2);
    private static final String HELLO = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String UPGRADE =
            "GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

    private Hello hello;
    private Node node;

    @BeforeEach
    void start() {
        Config config = Hello.config(Map.of("server.shutdown.delay", DELAY.toString()));
        hello = new Hello(config);
        node = Node.start(NodeConfig.from(config), List.of(hello));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void untilTheDelayIsOverANodeIsNotReadyButTakesRequestsAndSockets() throws Exception {
        Api internal = Hello.internal(node);
        int port = node.port();
        try (Raw old = new Raw(port)) {
            isServed(old);
            assertThat(internal.get("/health/ready").status()).isEqualTo(200);
            long told = System.nanoTime();
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::close);
            await().pollInterval(Duration.ofMillis(10))
                    .until(() -> internal.get("/health/check/node.accepting").status() == 503);

            assertThat(internal.get("/health/ready").status()).isEqualTo(503);
            assertThat(internal.get("/health/live").status()).isEqualTo(200);
            isServed(old);
            try (Raw fresh = new Raw(port);
                    Raw socket = new Raw(port)) {
                isServed(fresh);
                isServed(fresh);
                assertThat(socket.send(UPGRADE).answer().status()).isEqualTo(101);
                assertThat(hello.life).as("nothing has begun to end").containsExactly("start");
                assertThat(stopped).isNotDone();

                stopped.get(10, TimeUnit.SECONDS);
                socket.all();
                assertThat(socket.isClosedByServer()).isTrue();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - told)).isGreaterThanOrEqualTo(DELAY);
            assertThat(hello.life).containsExactly("start", "drain", "close");
            assertThat(old.isClosedByServer()).isTrue();
            assertThatThrownBy(() -> new Raw(port)).hasMessageContaining("refused");
        }
    }

    /** Answered, and not sent away with the answer. */
    private static void isServed(Raw client) {
        Raw.Answer answer = client.send(HELLO).answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.says("Connection: close")).isFalse();
    }
}
