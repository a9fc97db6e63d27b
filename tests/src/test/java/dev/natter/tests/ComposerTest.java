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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code deploy/compose.yaml} with each program that understands compose files: nginx alone, which is cheap. Everything
 * else is tried with one of them only.
 */
@Tag("deploy")
class ComposerTest {
    @ParameterizedTest
    @EnumSource
    void eachStartsTheApiGateway(Composer composer) throws IOException {
        if (!Composer.atHand().contains(composer)) {
            System.out.println("**** NOT TRIED: " + composer + ", which isn't on this machine. ****");
            return;
        }
        int port = freePort();
        Docker docker = new Docker(
                Path.of("../deploy").toAbsolutePath().normalize(),
                Map.of(
                        "COMPOSE_PROJECT_NAME", "natter-test-composer",
                        "NATTER_SUBNET", "10.213.11",
                        "NATTER_PORT", "" + port,
                        "NATTER_CPUS", "1"),
                composer);
        try (HttpClient client = HttpClient.newHttpClient()) {
            docker.compose("up", "-d", "--no-build", "--no-deps", "nginx");
            HttpRequest unknown = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
                    .build();

            HttpResponse<String> answer = await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> client.send(unknown, BodyHandlers.ofString()), _ -> true);

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("\"code\":\"not_found\"");
            System.out.println("Tried: " + composer + " " + docker.compose("version", "--short"));
        } finally {
            docker.compose("down", "-v");
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
