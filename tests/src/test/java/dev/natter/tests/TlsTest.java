package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLS at the API gateway, as {@code deploy/compose.tls.yaml} has it: nginx alone, with a certificate signed by itself.
 */
@Tag("deploy")
class TlsTest {
    private static final String PASSWORD = "changeit";

    private static final String SUBNET = "10.213.9";
    private static final Map<String, List<String>> TOLD = new ConcurrentHashMap<>();

    @TempDir
    private static Path folder;

    private static WebServer realtime;
    private static Docker docker;
    private static HttpClient client;
    private static int port;

    /** What stands for realtime-gateway is on the machine itself, which is the network's first address. */
    @BeforeAll
    static void start() throws Exception {
        KeyStore made = certificate();
        client = HttpClient.newBuilder().sslContext(trusting(made)).build();
        realtime = WebServer.builder()
                .host("0.0.0.0")
                .port(0)
                .routing(routes -> routes.get("/api/limits", (request, response) -> {
                    request.headers()
                            .forEach(header -> TOLD.put(header.headerName().lowerCase(), header.allValues()));
                    response.send("limits");
                }))
                .addRouting(WsRouting.builder().endpoint("/ws/{user_id}", Echo::new))
                .build()
                .start();
        Files.writeString(
                folder.resolve("realtime.yaml"),
                "services: {nginx: {environment: {REALTIME_ADDRESS: \"%s.1:%d\"}}}\n"
                        .formatted(SUBNET, realtime.port()));
        port = freePort();
        docker = Docker.in(
                Path.of("../deploy").toAbsolutePath().normalize(),
                Map.of(
                        "COMPOSE_FILE",
                        "compose.yaml:compose.tls.yaml:"
                                + folder.resolve("realtime.yaml").toAbsolutePath(),
                        "COMPOSE_PROJECT_NAME",
                        "natter-test-tls",
                        "NATTER_SUBNET",
                        SUBNET,
                        "NATTER_PORT",
                        "" + port,
                        "NATTER_CPUS",
                        "1",
                        "NATTER_TLS",
                        folder.toAbsolutePath().toString()));
        docker.compose("up", "-d", "--no-build", "--no-deps", "nginx");
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> ask("/metrics"), _ -> true);
    }

    @AfterAll
    static void stop() {
        docker.compose("down", "-v");
        realtime.stop();
        client.close();
    }

    @Test
    void whoTrustsTheCertificateIsAnsweredOverTlsAndToldToStayThere() throws Exception {
        HttpResponse<String> answer = ask("/api/limits");

        assertThat(answer.body()).isEqualTo("limits");
        assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(answer.headers().allValues("Strict-Transport-Security")).containsExactly("max-age=31536000");
        assertThat(TOLD).containsEntry("x-forwarded-proto", List.of("https"));
    }

    @Test
    void whatNginxAnswersItselfSaysSoToo() throws Exception {
        HttpResponse<String> answer = ask("/metrics");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("\"code\":\"not_found\"");
        assertThat(answer.headers().allValues("Strict-Transport-Security")).containsExactly("max-age=31536000");
    }

    @Test
    void aWebSocketIsOpenedOverTls() {
        var heard = new CompletableFuture<String>();
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("wss://localhost:" + port + "/ws/u"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        heard.complete(text.toString());
                        return null;
                    }

                    @Override
                    public void onError(WebSocket from, Throwable error) {
                        heard.completeExceptionally(error);
                    }
                })
                .join();
        socket.sendText("hello", true);

        assertThat(heard).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("hello");
        socket.abort();
    }

    /** Says what it is told. */
    private static final class Echo implements WsListener {
        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            session.send(text, last);
        }
    }

    private static HttpResponse<String> ask(String path) throws Exception {
        URI uri = URI.create("https://localhost:" + port + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    /** Made by the JDK's keytool, and laid into the folder as nginx wants it. */
    private static KeyStore certificate() throws GeneralSecurityException, IOException {
        Path store = folder.resolve("store.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Docker.in(folder, Map.of())
                .run(
                        List.of(keytool, "-genkeypair", "-keyalg", "EC", "-alias", "natter", "-dname", "CN=localhost"),
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD);
        KeyStore made = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        pem("certificate.pem", "CERTIFICATE", made.getCertificate("natter").getEncoded());
        pem(
                "key.pem",
                "PRIVATE KEY",
                made.getKey("natter", PASSWORD.toCharArray()).getEncoded());
        return made;
    }

    private static void pem(String file, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(bytes);
        Files.writeString(
                folder.resolve(file), "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    private static SSLContext trusting(KeyStore made) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("natter", made.getCertificate("natter"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
