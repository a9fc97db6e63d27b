package dev.natter.platform.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.natter.platform.http.Routes;
import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.TokenVerifier;
import dev.natter.testing.Api;
import dev.natter.testing.Protocol;
import dev.natter.testing.Reply;
import io.helidon.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeTest {
    private Hello hello;
    private Node node;

    @BeforeEach
    void start() {
        Config config = Hello.config(Map.of("server.head.timeout", "1", "server.body.timeout", "1"));
        hello = new Hello(config);
        node = Node.start(NodeConfig.from(config), List.of(hello));
    }

    @AfterEach
    void stop() {
        hello.release.countDown();
        node.close();
    }

    @Test
    void aServiceIsServedFromStartToClose() {
        Reply reply = Hello.api(node).get("/hello");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("request").asString()).isEqualTo(reply.header("X-Request-Id"));
        assertThat(hello.life).containsExactly("start");

        node.close();
        node.close();
        assertThat(hello.life).containsExactly("start", "drain", "close");
    }

    @Test
    void healthIsToldOnTheInternalListenerOnly() {
        Api internal = Hello.internal(node);

        assertThat(internal.get("/health/live").status()).isEqualTo(200);
        Reply ready = internal.get("/health/ready");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json()
                        .path("checks")
                        .valueStream()
                        .map(check -> check.path("name").asString()))
                .containsExactlyInAnyOrder("node.accepting", "hello.database");
        assertThat(Hello.api(node).get("/health/ready").status()).isEqualTo(404);
        assertThat(Hello.api(node).get("/metrics").status()).isEqualTo(404);
    }

    @Test
    void aServiceThatIsNotWellMakesTheNodeNotReadyButNotDead() {
        hello.well = false;

        Reply ready = Hello.internal(node).get("/health/ready");
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.json()
                        .path("checks")
                        .valueStream()
                        .filter(check -> check.path("status").asString().equals("DOWN")))
                .extracting(check -> check.path("name").asString())
                .containsExactly("hello.database");
        assertThat(Hello.internal(node).get("/health/live").status()).isEqualTo(200);
        assertThat(Hello.internal(node).get("/health/check/node.accepting").status())
                .isEqualTo(200);
    }

    @Test
    void answersAreCountedByRouteAndStatus() {
        Hello.api(node).as(Hello.token()).get("/hello/7");
        Hello.api(node).get("/hello/8");
        Hello.api(node).get("/nowhere");

        String metrics = Hello.internal(node).get("/metrics").text();

        assertThat(metrics.lines().filter(line -> line.startsWith("natter_http_requests_seconds_count")))
                .anySatisfy(line -> assertThat(line)
                        .contains("route=\"/hello/{id}\"", "service=\"hello\"", "method=\"GET\"", "status=\"200\""))
                .anySatisfy(line -> assertThat(line).contains("route=\"/hello/{id}\"", "status=\"401\""))
                .anySatisfy(line -> assertThat(line).contains("route=\"none\"", "status=\"404\""));
    }

    @Test
    void theProcessIsToldOf() {
        String metrics = Hello.internal(node).get("/metrics").text();

        assertThat(metrics.lines().filter(line -> !line.startsWith("#")).map(line -> line.replaceAll("[{ ].*", "")))
                .contains(
                        "natter_build_info",
                        "process_cpu_seconds_total",
                        "process_open_fds",
                        "process_resident_memory_bytes",
                        "jvm_memory_used_bytes",
                        "jvm_gc_collections_total",
                        "jvm_gc_seconds_total",
                        "jvm_threads_current");
        assertThat(metrics).contains("service=\"hello\",version=\"");
    }

    @Test
    void theContractsAreServedWithPagesToReadThem() {
        Reply page = Hello.api(node).get("/docs");
        assertThat(Hello.api(node).get("/docs/").body()).isEqualTo(page.body());

        assertThat(Hello.api(node).get("/openapi.json").json().path("openapi").asString())
                .startsWith("3.1");
        assertThat(Hello.api(node).get("/asyncapi.json").json())
                .isEqualTo(Protocol.natter().document());
        assertThat(List.of(page, Hello.api(node).get("/docs/live"))).allSatisfy(shown -> {
            assertThat(shown.header("Content-Type")).startsWith("text/html");
            assertThat(shown.header("Content-Security-Policy")).contains("default-src 'self'");
            assertThat(shown.text()).doesNotContain("http://", "https://");
        });
        assertThat(List.of(
                        "swagger-ui.css",
                        "swagger-ui-bundle.js",
                        "start.js",
                        "nav.css",
                        "live.js",
                        "live.css",
                        "favicon-32x32.png"))
                .allSatisfy(
                        file -> assertThat(Hello.api(node).get("/docs/" + file).status())
                                .isEqualTo(200));
        assertThat(Hello.api(node).get("/docs/index.html").status()).isEqualTo(404);
        assertThat(Hello.api(node).get("/docs/..%2F..%2Fpackage.json").status()).isEqualTo(404);
    }

    @Test
    void aRequestUnderWayIsAnsweredBeforeTheNodeStops() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                Raw idle = new Raw(node.port());
                Raw slow = new Raw(node.port())) {
            idle.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").answer();
            slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
            hello.entered.await();

            var stopped = CompletableFuture.runAsync(node::close, threads);

            assertThat(idle.isClosedByServer()).isTrue();
            assertThat(stopped).isNotDone();
            hello.release.countDown();
            assertThat(slow.answer().status()).isEqualTo(200);
            assertThat(slow.isClosedByServer()).isTrue();
            stopped.get(2, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRequestThatNeverEndsDoesNotHoldUpTheStop() throws Exception {
        try (Raw slow = new Raw(node.port())) {
            slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
            hello.entered.await();
            long began = System.nanoTime();

            node.close();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            assertThat(hello.life).containsExactly("start", "drain", "close");
        }
    }

    @Test
    void whileDrainingAnAnswerEndsItsConnection() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                Raw slow = new Raw(node.port())) {
            slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
            hello.entered.await();
            var stopped = CompletableFuture.runAsync(node::close, threads);
            await().untilAsserted(() -> {
                try (Raw late = new Raw(node.port())) {
                    Raw.Answer answer =
                            late.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").answer();
                    // One that was idle when the draining began is closed without an answer.
                    assertThat(answer).isNotNull();
                    assertThat(answer.says("Connection: close")).isTrue();
                    assertThat(late.isClosedByServer()).isTrue();
                }
            });
            assertThat(Hello.internal(node).get("/health/ready").status()).isEqualTo(503);
            assertThat(Hello.internal(node).get("/health/check/node.accepting").status())
                    .isEqualTo(503);
            hello.release.countDown();
            stopped.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aClientThatStallsWithinARequestIsClosed() {
        try (Raw head = new Raw(node.port());
                Raw body = new Raw(node.port());
                Raw idle = new Raw(node.port())) {
            idle.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").answer();
            head.send("GET /hello HTTP/1.1\r\nHo");
            body.send("POST /bytes HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345");

            assertThat(head.isClosedByServer()).isTrue();
            assertThat(body.isClosedByServer()).isTrue();
            assertThat(idle.patience(100).isClosedByServer()).isFalse();
        }
    }

    @Test
    void aClientThatSendsItsBodyByTheByteIsClosed() {
        try (Raw raw = new Raw(node.port()).patience(300)) {
            raw.send("POST /bytes HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
            await().atMost(Duration.ofSeconds(8))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> raw.send("1").isClosedByServer());
        }
    }

    @Test
    void aPortThatIsTakenIsSaidPlainly() {
        Config config = Hello.config(Map.of("server.port", Integer.toString(node.port())));
        Hello second = new Hello(config);

        assertThatThrownBy(() -> Node.start(NodeConfig.from(config), List.of(second)))
                .hasMessageContaining("can't listen on 127.0.0.1:" + node.port());
        assertThat(second.life).containsExactly("start", "close");
    }

    @Test
    void servicesStartAtOnceAndAllAreClosedIfOneFails() {
        CyclicBarrier meeting = new CyclicBarrier(2);
        Sociable one = new Sociable(new Hello(Hello.config(Map.of())), meeting, false);
        Sociable other = new Sociable(new Hello(Hello.config(Map.of())), meeting, true);

        assertThatThrownBy(() -> Node.start(NodeConfig.from(Hello.config(Map.of())), List.of(one, other)))
                .hasMessage("no key");
        assertThat(one.hello().life).containsExactly("start", "close");
        assertThat(other.hello().life).containsExactly("close");
    }

    /** Starts only while another one does. */
    private record Sociable(Hello hello, CyclicBarrier meeting, boolean fails) implements Service {
        @Override
        public String name() {
            return hello.name();
        }

        @Override
        public TokenVerifier tokens() {
            return hello.tokens();
        }

        @Override
        public SharedSecret secret() {
            return hello.secret();
        }

        @Override
        public void routes(Routes open, Routes internal) {
            hello.routes(open, internal);
        }

        @Override
        public void start() {
            try {
                meeting.await(10, TimeUnit.SECONDS);
            } catch (Exception alone) {
                throw new IllegalStateException("alone", alone);
            }
            if (fails) {
                throw new IllegalStateException("no key");
            }
            hello.start();
        }

        @Override
        public void close() {
            hello.close();
        }
    }
}
