package dev.natter.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.servers.Child;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds what Kubernetes mounts into the API gateway, and what it tells it, against nginx and the services. */
class ApiGatewayServiceTest {
    private static final Map<String, String> TOLD = told();

    @TempDir
    Path folder;

    @Test
    void nginxStartsWithWhatIsMountedAndBelievesWhoeverStandsInFront() throws Exception {
        Files.createDirectories(folder.resolve("mounted"));
        Tree.documents(Tree.text("nginx/kustomization.yaml"))
                .getFirst()
                .at("/configMapGenerator/0/files")
                .valueStream()
                .map(file -> file.asString())
                .forEach(file -> Tree.write(folder.resolve("mounted/" + file).toString(), Tree.text("nginx/" + file)));
        int port = RealNginx.port();
        Map<String, String> variables = new HashMap<>(TOLD);
        // The cluster's names mean nothing here.
        variables.replaceAll((name, value) -> name.endsWith("_ADDRESS") ? "127.0.0.1:1" : value);
        variables.put("NGINX_HOME", folder.resolve("home").toString());
        variables.put("LISTEN", "127.0.0.1:" + port);
        variables.put("PROXIES", TOLD.get("PROXIES") + " 127.0.0.1");
        variables.put("PATH", RealNginx.PATH);
        Path log = folder.resolve("nginx.log");

        try (Child nginx = new Child(new Child.Recipe(
                "nginx",
                List.of("sh", folder.resolve("mounted/start.sh").toString()),
                log,
                "TERM",
                variables,
                () -> RealNginx.answers(port)))) {
            nginx.start(Duration.ofSeconds(20), 1);
            assertThat(RealNginx.ask(port, "/api/chats", "203.0.113.7")).isEqualTo("503");
            await().untilAsserted(() -> assertThat(Files.readString(log)).contains("\"address\":\"203.0.113.7\""));
        }
    }

    @Test
    void itKnowsEachServiceAndTakesTheLargestUpload() {
        for (Code code : Code.values()) {
            assertThat(TOLD).containsEntry(code + "_ADDRESS", code.service() + ":8080");
        }
        assertThat(TOLD)
                .containsEntry("MAX_PAYLOAD", Code.MEDIA.defaults().get("server.max.payload"))
                .containsEntry(
                        "PROXIES",
                        Settings.shared().get("SERVER_TRUSTED_PROXIES").replace(',', ' '));
    }

    private static Map<String, String> told() {
        HasMetadata deployment = Strict.read(
                Tree.documents(Tree.text("k8s/api-gateway/api-gateway.yaml")).getFirst());
        Map<String, String> told = new HashMap<>();
        for (EnvVar variable : Pod.of(
                        "api-gateway", ((Deployment) deployment).getSpec().getTemplate())
                .container()
                .getEnv()) {
            told.put(variable.getName(), variable.getValue());
        }
        return told;
    }
}
