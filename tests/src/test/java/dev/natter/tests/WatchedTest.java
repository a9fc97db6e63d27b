package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.local.Part;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The profile {@code monitoring} beside a running installation, with the files that are shipped. */
@Tag("deploy")
class WatchedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Compose compose = Compose.shared();

    @Test
    void prometheusSeesAllServicesAndTellsAlertmanager() {
        List<String> watchers = List.of("prometheus", "alertmanager");
        compose.watch("up", "-d", "--no-build", "--no-deps", "prometheus", "alertmanager");
        try {
            Client prometheus = at("prometheus", "edge", 9090);

            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(
                                    ask(prometheus, "/api/v1/query?query=up==1").at("/data/result"))
                            .extracting(sample -> sample.at("/metric/job").asString())
                            .containsExactlyInAnyOrder(Arrays.stream(Part.values())
                                    .map(Part::module)
                                    .toArray(String[]::new)));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    ask(prometheus, "/api/v1/alertmanagers").at("/data/activeAlertmanagers"))
                            .extracting(one -> one.get("url").asString())
                            .containsExactly("http://alertmanager:9093/api/v2/alerts"));
            assertThat(ask(prometheus, "/api/v1/rules").at("/data/groups")).isNotEmpty();
            assertThat(compose.containers())
                    .filteredOn(container -> watchers.contains(container.service()))
                    .hasSize(2)
                    .allSatisfy(Container::demandBounds);
        } finally {
            compose.watch("rm", "-sfv", "prometheus", "alertmanager");
        }
    }

    /** There is no stand-in for it; where its image is, it has to come up with what it is provided with. */
    @Test
    void grafanaComesUpWhereItsImageIs() {
        String image = compose.image("grafana");
        if (!compose.isAtHand(image)) {
            System.out.println(
                    "**** NOT TESTED: Grafana. There is no image " + image + " here, and no stand-in for it. ****");
            return;
        }
        compose.watch("up", "-d", "--no-build", "--no-deps", "grafana");
        try {
            Client grafana = at("grafana", "public", 3000);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(
                                    ask(grafana, "/api/health").get("database").asString())
                            .isEqualTo("ok"));
        } finally {
            compose.watch("rm", "-sfv", "grafana");
        }
    }

    private Client at(String service, String network, int port) {
        String address = compose.inspect(
                service, "{{(index .NetworkSettings.Networks \"natter-test-compose_" + network + "\").IPAddress}}");
        return Client.anonymous(URI.create("http://" + address + ":" + port));
    }

    private static JsonNode ask(Client client, String path) {
        return client.raw("GET", path, Map.of(), BodyPublishers.noBody())
                .is(200)
                .json();
    }
}
