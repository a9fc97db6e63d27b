package dev.natter.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.platform.http.Routes;
import dev.natter.platform.run.Node;
import dev.natter.platform.run.NodeConfig;
import dev.natter.platform.run.Service;
import dev.natter.platform.token.SharedSecret;
import dev.natter.platform.token.TokenVerifier;
import io.fabric8.kubernetes.api.model.Probe;
import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What Kubernetes asks a service, asked for real. */
class ProbesTest {
    /** A service whose database is away. */
    private static final class Lonely implements Service {
        @Override
        public String name() {
            return "lonely";
        }

        @Override
        public TokenVerifier tokens() {
            return null;
        }

        @Override
        public SharedSecret secret() {
            return null;
        }

        @Override
        public void routes(Routes open, Routes internal) {}

        @Override
        public void start() {}

        @Override
        public void close() {}

        @Override
        public List<HealthCheck> checks() {
            return List.of(new HealthCheck() {
                @Override
                public String name() {
                    return "database";
                }

                @Override
                public HealthCheckType type() {
                    return HealthCheckType.READINESS;
                }

                @Override
                public HealthCheckResponse call() {
                    return HealthCheckResponse.builder().status(false).build();
                }
            });
        }
    }

    @Test
    void everyProbeIsAnsweredAlsoWhileTheDatabaseIsAway() throws Exception {
        Set<String> asked = new TreeSet<>();
        for (Installation installation : Installation.all()) {
            installation.pods().stream()
                    .filter(Pod::service)
                    .flatMap(Pod::probes)
                    .map(Probe::getHttpGet)
                    .forEach(probe -> asked.add(probe.getPath()));
        }
        Map<String, String> anyPorts = Map.of("server.host", "127.0.0.1", "server.port", "0", "internal.port", "0");
        var config = dev.natter.platform.run.Settings.load(ProbesTest.class, anyPorts);

        try (Node node = Node.start(NodeConfig.from(config), List.of(new Lonely()))) {
            assertThat(status(node, "/health/ready")).isEqualTo(503);
            assertThat(asked).hasSize(2);
            for (String path : asked) {
                assertThat(status(node, path)).as(path).isBetween(200, 299);
            }
        }
    }

    private static int status(Node node, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + node.internalPort() + path);
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
