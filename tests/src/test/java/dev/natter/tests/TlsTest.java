package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLS at the API gateway, as {@code deploy/compose.tls.yaml} has it: nginx alone, with a certificate signed by itself.
 */
@Tag("deploy")
class TlsTest {
    private static final String PASSWORD = "changeit";
    private static final List<String> FILES = List.of("-f", "compose.yaml", "-f", "compose.tls.yaml");

    @TempDir
    private Path folder;

    @Test
    void whoTrustsTheCertificateIsAnsweredOverTls() throws Exception {
        KeyStore made = certificate();
        int port = freePort();
        Docker docker = new Docker(
                Path.of("../deploy").toAbsolutePath().normalize(),
                Map.of(
                        "COMPOSE_PROJECT_NAME", "natter-test-tls",
                        "NATTER_SUBNET", "10.213.9",
                        "NATTER_PORT", "" + port,
                        "NATTER_CPUS", "1",
                        "NATTER_TLS", folder.toAbsolutePath().toString()));
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(trusting(made)).build()) {
            compose(docker, "up", "-d", "--no-build", "--no-deps", "nginx");
            var request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/metrics"))
                    .build();

            HttpResponse<String> answer = await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> client.send(request, BodyHandlers.ofString()), _ -> true);

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("\"code\":\"not_found\"");
            assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
        } finally {
            compose(docker, "down", "-v");
        }
    }

    private static void compose(Docker docker, String... arguments) {
        String[] all = Stream.concat(FILES.stream(), Arrays.stream(arguments)).toArray(String[]::new);
        docker.compose(all);
    }

    /** Made by the JDK's keytool, and laid into the folder as nginx wants it. */
    private KeyStore certificate() throws GeneralSecurityException, IOException {
        Path store = folder.resolve("store.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        new Docker(folder, Map.of())
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

    private void pem(String file, String what, byte[] bytes) throws IOException {
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
