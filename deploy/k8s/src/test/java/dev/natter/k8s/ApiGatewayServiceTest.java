package dev.natter.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.servers.Child;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
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
        int port = RealNginx.port();
        try (Child nginx = nginx(port)) {
            nginx.start(Duration.ofSeconds(20), 1);
            assertThat(RealNginx.ask(port, "/api/chats", "203.0.113.7")).isEqualTo("503");
            await().untilAsserted(() ->
                    assertThat(Files.readString(folder.resolve("nginx.log"))).contains("\"address\":\"203.0.113.7\""));
        }
    }

    @Test
    void eachRouteTakesBodiesAsLargeAsItsServiceDoes() throws Exception {
        int port = RealNginx.port();
        try (Child nginx = nginx(port)) {
            nginx.start(Duration.ofSeconds(20), 1);
            for (Route route : Tree.routes()) {
                String path = route.path().replace("*", "x");
                long most = Code.named(route.service()).maxBody();
                assertThat(RealNginx.announce(port, path, most)).as(path).isNotEqualTo(413);
                assertThat(RealNginx.announce(port, path, most + 1)).as(path).isEqualTo(413);
            }
        }
    }

    @Test
    void itKnowsEachServiceAndTakesTheLargestUpload() {
        for (Code code : Code.values()) {
            assertThat(TOLD).containsEntry(code + "_ADDRESS", code.service() + ":8080");
        }
        assertThat(TOLD)
                .containsEntry("MAX_PAYLOAD", "" + Code.MEDIA.maxBody())
                .containsEntry(
                        "PROXIES",
                        Settings.shared().get("SERVER_TRUSTED_PROXIES").replace(',', ' '));
    }

    /** As its pod starts it, in front of nobody. */
    private Child nginx(int port) throws IOException {
        Files.createDirectories(folder.resolve("mounted"));
        Tree.documents(Tree.text("nginx/kustomization.yaml"))
                .getFirst()
                .at("/configMapGenerator/0/files")
                .valueStream()
                .map(file -> file.asString())
                .forEach(file -> Tree.write(folder.resolve("mounted/" + file).toString(), Tree.text("nginx/" + file)));
        Map<String, String> variables = new HashMap<>(TOLD);
        // The cluster's names mean nothing here.
        variables.replaceAll((name, value) -> name.endsWith("_ADDRESS") ? "127.0.0.1:1" : value);
        variables.put("NGINX_HOME", folder.resolve("home").toString());
        variables.put("LISTEN", "127.0.0.1:" + port);
        variables.put("PROXIES", TOLD.get("PROXIES") + " 127.0.0.1");
        variables.put("PATH", RealNginx.PATH);
        return new Child(new Child.Recipe(
                "nginx",
                List.of("sh", folder.resolve("mounted/start.sh").toString()),
                folder.resolve("nginx.log"),
                "TERM",
                variables,
                () -> RealNginx.answers(port)));
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
