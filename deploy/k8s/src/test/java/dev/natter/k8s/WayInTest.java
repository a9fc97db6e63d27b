package dev.natter.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in front of the services, or of the API gateway, against what those take. */
@ParameterizedClass(name = "{0}")
@MethodSource("installations")
record WayInTest(Installation installation) {
    private static final Pattern EMPTY = Pattern.compile("proxy_set_header ([A-Za-z-]+) \"\";");
    private static final Pattern TIMEOUT = Pattern.compile("proxy_read_timeout (\\d+)s;");

    @Test
    void anIngressLetsBodiesThroughAsLargeAsAnyServiceTakes() {
        String largest = "" + Code.largestBody();
        for (Ingress ingress : installation.all(Ingress.class)) {
            assertThat(ingress.getMetadata().getAnnotations())
                    .containsEntry("nginx.ingress.kubernetes.io/proxy-body-size", largest)
                    .containsEntry("nginx.org/client-max-body-size", largest);
        }
    }

    @Test
    void nothingInFrontEndsASocketBeforeTheGatewayDoes() {
        Matcher ours = TIMEOUT.matcher(Tree.text("nginx/socket.conf"));
        assertThat(ours.find()).isTrue();
        String seconds = ours.group(1);
        String silence = Code.REALTIME.defaults().get("socket.silence");
        assertThat(Duration.ofSeconds(Long.parseLong(seconds))).isGreaterThan(Duration.parse(silence));

        for (Ingress ingress : installation.all(Ingress.class)) {
            Map<String, String> told = ingress.getMetadata().getAnnotations();
            for (String direction : List.of("read", "send")) {
                assertThat(told)
                        .containsEntry("nginx.ingress.kubernetes.io/proxy-" + direction + "-timeout", seconds)
                        .containsEntry("nginx.org/proxy-" + direction + "-timeout", seconds + "s");
            }
        }
    }

    @Test
    void theGatewayApiTakesOffTheHeadersThatNginxDoes() {
        List<String> ours = EMPTY.matcher(Tree.text("nginx/gateway.conf"))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(ours).contains("Traceparent", "Tracestate");
        for (HTTPRoute route : installation.all(HTTPRoute.class)) {
            assertThat(route.getSpec().getRules())
                    .allSatisfy(rule -> assertThat(rule.getFilters())
                            .flatExtracting(
                                    filter -> filter.getRequestHeaderModifier().getRemove())
                            .containsExactlyInAnyOrderElementsOf(ours));
        }
    }

    /** An Ingress takes no header off, so only what stands behind our nginx may be told by it what to trace. */
    @Test
    void whereClientsCouldSayWhatIsTracedNothingIs() {
        boolean straight = installation.all(Ingress.class).stream()
                .flatMap(made -> made.getSpec().getRules().stream())
                .flatMap(rule -> rule.getHttp().getPaths().stream())
                .anyMatch(path -> !path.getBackend().getService().getName().equals("api-gateway"));
        if (straight) {
            assertThat(installation.settings()).doesNotContainKey("OTEL_EXPORTER_OTLP_ENDPOINT");
        }
    }

    @Test
    void eachWayInEndsTls() {
        for (Ingress ingress : installation.all(Ingress.class)) {
            assertThat(ingress.getSpec().getTls())
                    .flatExtracting(tls -> tls.getHosts())
                    .containsExactlyElementsOf(ingress.getSpec().getRules().stream()
                            .map(rule -> rule.getHost())
                            .toList());
            assertThat(ingress.getSpec().getTls())
                    .extracting(tls -> tls.getSecretName())
                    .containsOnly("natter-tls");
        }
        for (Gateway gateway : installation.all(Gateway.class)) {
            assertThat(gateway.getSpec().getListeners())
                    .extracting(listener -> listener.getProtocol())
                    .containsOnly("HTTPS");
        }
    }

    static List<Installation> installations() throws IOException {
        return Installation.all();
    }
}
