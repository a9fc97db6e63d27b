package dev.natter.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.natter.servers.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped route table in a real nginx, in front of five servers that say who they are and what they were told. */
class NginxServiceTest {
    private static final Map<Part, HttpServer> SERVICES = new EnumMap<>(Part.class);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int MOST = 1000;
    private static final int LARGEST_UPLOAD = 2000;

    @TempDir
    static Path home;

    private static Child nginx;
    private static URI base;

    @BeforeAll
    static void start() throws IOException {
        Map<Part, String> addresses = new EnumMap<>(Part.class);
        Map<Part, Long> bodies = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            service.createContext("/", exchange -> {
                if (exchange.getRequestURI().getPath().endsWith("/drop")) {
                    throw new IOException("expected by this test");
                }
                StringBuilder told = new StringBuilder(part + " " + exchange.getRequestURI() + "\n");
                exchange.getRequestHeaders()
                        .forEach((name, values) -> told.append(name)
                                .append(": ")
                                .append(values.getFirst())
                                .append('\n'));
                exchange.getRequestBody().readAllBytes();
                byte[] answer = told.toString().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            service.start();
            SERVICES.put(part, service);
            bodies.put(part, part == Part.MEDIA ? (long) LARGEST_UPLOAD : MOST);
            addresses.put(part, "127.0.0.1:" + service.getAddress().getPort());
        }
        int port = Ports.internal(0);
        nginx = Nginx.in(home, "127.0.0.1", port, addresses, bodies);
        nginx.start(Duration.ofSeconds(20), 1);
        base = URI.create("http://127.0.0.1:" + port);
    }

    @AfterAll
    static void stop() {
        nginx.close();
        SERVICES.values().forEach(service -> service.stop(0));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/auth/login, AUTH",
        "/api/users, AUTH",
        "/api/users?query=a, AUTH",
        "/api/users/me, AUTH",
        "/.well-known/jwks.json, AUTH",
        "/api/users/me/avatar, MEDIA",
        "/api/chats, CHAT",
        "/api/chats/c, CHAT",
        "/api/chats/c/members, CHAT",
        "/api/chats/c/messages, MESSAGE",
        "/api/chats/c/messages?limit=1, MESSAGE",
        "/api/chats/c/changes, MESSAGE",
        "/api/messages/m, MESSAGE",
        "/api/messages/m/files, MEDIA",
        "/media/messages/f, MEDIA",
        "/media/messages/f/thumbnail, MEDIA",
        "/ws/u?token=t, REALTIME",
        "/openapi.json, AUTH",
        "/asyncapi.json, AUTH",
        "/docs, AUTH",
        "/docs/swagger-ui.css, AUTH",
        "/docs/live, AUTH",
    })
    void eachPathReachesTheServiceThatOwnsIt(String path, Part owner) throws Exception {
        assertThat(get(path).body()).startsWith(owner + " " + path + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health/ready", "/metrics", "/internal/dataset", "/api/auth/../../internal/dataset"})
    void nothingElseIsRouted(String path) throws Exception {
        HttpResponse<String> reply = get(path);

        assertThat(reply.statusCode()).isEqualTo(404);
        assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(reply.body()).contains("\"code\":\"not_found\"");
    }

    @Test
    void aServiceIsToldWhoAsksAndHow() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/chats"))
                .header("X-Forwarded-For", "203.0.113.9")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "evil.example")
                .header("Forwarded", "for=203.0.113.9")
                .header("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .header("Tracestate", "theirs=1")
                .header("Natter-Service", "forged")
                .header("X-Request-Id", "mine-1")
                .build();

        assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .containsIgnoringCase("X-Forwarded-For: 127.0.0.1\n")
                .containsIgnoringCase("X-Forwarded-Proto: http\n")
                .containsIgnoringCase("X-Request-Id: mine-1\n")
                .containsIgnoringCase("Host: " + base.getAuthority() + "\n")
                .doesNotContainIgnoringCase("X-Forwarded-Host:")
                .doesNotContainIgnoringCase("\nForwarded:")
                .doesNotContainIgnoringCase("Traceparent")
                .doesNotContainIgnoringCase("Tracestate")
                .doesNotContainIgnoringCase("Natter-Service")
                .doesNotContain("203.0.113.9");
    }

    @Test
    void anUpgradeIsPassedOn() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", base.getPort())) {
            socket.getOutputStream().write("""
                    GET /ws/u HTTP/1.1\r
                    Host: here\r
                    Connection: close, Upgrade\r
                    Upgrade: websocket\r
                    Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                    \r
                    """.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .containsIgnoringCase("Connection: upgrade\n")
                    .containsIgnoringCase("Upgrade: websocket\n")
                    .containsIgnoringCase("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n");
        }
    }

    @Test
    void noAddressThatHoldsASecretIsLogged() throws Exception {
        get("/media/messages/f?signature=secret");
        assertThat(get("/ws/drop?token=secret").statusCode()).isEqualTo(503);
        assertThat(get("/media/drop?signature=secret").statusCode()).isEqualTo(503);
        assertThat(get("/api/users/drop").statusCode()).isEqualTo(503);

        await().untilAsserted(() -> assertThat(Files.readString(home.resolve("nginx/error.log")))
                .contains("/api/users/drop")
                .doesNotContain("secret"));
        assertThat(Files.readString(home.resolve("nginx/access.log"))).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/auth/register, " + MOST,
        "/api/chats, " + MOST,
        "/api/chats/c/messages, " + MOST,
        "/api/limits, " + MOST,
        "/api/messages/m/files, " + LARGEST_UPLOAD,
        "/api/users/me/avatar, " + LARGEST_UPLOAD,
    })
    void aBodyBeyondTheLimitIsAProblem(String path, int most) throws Exception {
        assertThat(post(path, most).statusCode()).isEqualTo(200);

        HttpResponse<String> refused = post(path, most + 1);

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains("\"code\":\"payload_too_large\"").contains("\"request_id\":\"");
    }

    private static HttpResponse<String> post(String path, int bytes) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[bytes]))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(base + path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
