package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.natter.local.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What containers may do, who reaches them, and what their images say of themselves. */
@Tag("deploy")
class ShippedTest {
    private static final Path ROOT = Path.of("..");
    private static final String LABEL = "org.opencontainers.image.";

    private final Docker docker = Docker.in(ROOT, Map.of());
    private final Compose compose = Compose.shared();

    @Test
    void onlyNginxCanBeReachedFromOutside() {
        for (String service : List.of(
                "auth-service",
                "chat-service",
                "message-service",
                "media-service",
                "realtime-gateway",
                "postgres",
                "nats")) {
            assertThat(compose.inspect(service, "{{json .HostConfig.PortBindings}}"))
                    .as(service)
                    .isIn("{}", "null");
        }
        assertThat(compose.inspect("nginx", "{{json .HostConfig.PortBindings}}"))
                .contains("\"HostIp\":\"127.0.0.1\"");
        var anyone = Client.anonymous(compose.baseUri());
        for (String path : List.of("/metrics", "/health/ready", "/internal/dataset")) {
            anyone.get(path).is(404);
        }
    }

    @Test
    void nothingButNginxReachesWhatIsOutside() {
        // compose 1.29 makes all networks there are; its successor those that something is in.
        List<String> networks = docker.docker(
                        "network",
                        "ls",
                        "-f",
                        "label=com.docker.compose.project=natter-test-compose",
                        "--format",
                        "{{.Name}}")
                .lines()
                .toList();
        assertThat(networks)
                .contains("natter-test-compose_edge", "natter-test-compose_data", "natter-test-compose_traces");
        assertThat(networks)
                .filteredOn(network -> !network.equals("natter-test-compose_public"))
                .allSatisfy(network -> assertThat(docker.docker("network", "inspect", "-f", "{{.Internal}}", network))
                        .isEqualTo("true"));
        for (Part part : Part.values()) {
            assertThat(compose.inspect(
                                    part.module(), "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}")
                            .split(" "))
                    .as(part.module())
                    .containsExactlyInAnyOrder(
                            "natter-test-compose_data", "natter-test-compose_edge", "natter-test-compose_traces");
        }
    }

    @Test
    void noContainerCanDoMoreThanItMust() {
        List<Container> containers = compose.containers();

        assertThat(containers)
                .extracting(Container::service)
                .contains("nginx", "postgres", "nats")
                .contains(modules());
        for (Container container : containers) {
            container.demandBounds();
            assertThat(container.environment())
                    .as("secrets in the environment of " + container.service())
                    .noneMatch(variable -> variable.matches(".*(KEY|PASSWORD)=.+"));
            if (List.of(modules()).contains(container.service())) {
                assertThat(container.user()).as(container.service()).isEqualTo("10001:10001");
            }
        }
    }

    @Test
    void theEngineHearsFromEachServiceThatItIsWell() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(compose.containers())
                        .filteredOn(container -> List.of(modules()).contains(container.service())
                                || container.service().equals("postgres"))
                        .extracting(Container::health)
                        .hasSize(Part.values().length + 1)
                        .containsOnly("healthy"));
    }

    @Test
    void anImageSaysOfWhichVersionAndCommitItIs() throws IOException {
        String commit = docker.run(List.of("git"), "rev-parse", "HEAD");
        for (String module : modules()) {
            assertThat(label(module, "version")).as(module).isEqualTo(version());
            assertThat(label(module, "revision")).as(module).isEqualTo(commit);
            assertThat(label(module, "title")).isEqualTo("natter " + module);
            assertThat(label(module, "licenses")).isEqualTo("Apache-2.0");
            assertThat(label(module, "source")).as(module).matches("unknown|https?://[^@]+");
        }
    }

    /** Unlike a service's own start, which does without, this one fails if what was learned doesn't fit. */
    @Test
    void everyImageStartsWithWhatItLearnedFromARehearsal() {
        for (String module : modules()) {
            assertThat(startsFromWhatWasLearned(module)).as(module).contains("OpenJDK");
        }
        assertThatThrownBy(() -> startsFromWhatWasLearned("chat-service", "-XX:+UseParallelGC"))
                .as("a start that it can't fit")
                .hasMessageContaining("AOT");
    }

    private String startsFromWhatWasLearned(String module, String... options) {
        List<String> command =
                new ArrayList<>(List.of("run", "--rm", "--read-only", "--network", "none", "--memory", "640m"));
        command.addAll(List.of("--entrypoint", "/opt/natter/java/bin/java", "natter/" + module));
        command.addAll(List.of("@/opt/natter/jvm.options", "-XX:AOTCache=/opt/natter/start.aot", "-XX:AOTMode=on"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", "/opt/natter/service.jar", "-version"));
        return docker.docker(command.toArray(String[]::new));
    }

    private String label(String module, String name) {
        return docker.docker(
                "image", "inspect", "-f", "{{index .Config.Labels \"" + LABEL + name + "\"}}", "natter/" + module);
    }

    private static String version() throws IOException {
        return Pattern.compile("(?m)^  <version>(.*)</version>$")
                .matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static String[] modules() {
        return Arrays.stream(Part.values()).map(Part::module).toArray(String[]::new);
    }
}
