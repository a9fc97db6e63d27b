package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.local.Part;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What containers may do and who reaches them. */
@Tag("deploy")
class ShippedTest {
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
    void noContainerCanDoMoreThanItMust() {
        for (Part part : Part.values()) {
            assertThat(compose.inspect(
                            part.module(),
                            "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}"
                                    + " {{.Config.User}} {{.State.Health.Status}}"))
                    .as(part.module())
                    .startsWith("true [ALL] [no-new-privileges:true] 10001:10001 ");
            assertThat(compose.inspect(part.module(), "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}"))
                    .doesNotContain("<no value>")
                    .doesNotStartWith("0 ");
            assertThat(compose.inspect(part.module(), "{{json .Config.Env}}"))
                    .as("secrets in the environment")
                    .doesNotContainPattern("(KEY|PASSWORD)=");
        }
    }

    @Test
    void everyImageHasWhatItLearnedFromARehearsal() {
        for (Part part : Part.values()) {
            String bytes = compose.exec(part.module(), "stat", "-c", "%s", "/opt/natter/start.aot");
            assertThat(Long.parseLong(bytes)).as(part.module()).isGreaterThan(10_000_000);
        }
    }
}
