package dev.natter.k8s;

import static org.assertj.core.api.Assertions.assertThat;

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

    static List<Installation> installations() throws IOException {
        return Installation.all();
    }
}
