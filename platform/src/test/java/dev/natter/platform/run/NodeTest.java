package dev.natter.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Reply;
import io.helidon.config.Config;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeTest {
    @Test
    void aServiceIsServed() {
        Config config = Hello.config(Map.of());
        Hello hello = new Hello(config);
        try (Node node = Node.start(NodeConfig.from(config), List.of(hello))) {
            Reply reply = Hello.api(node).get("/hello");

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.json().path("request").asString()).isEqualTo(reply.header("X-Request-Id"));
            assertThat(Hello.api(node)
                            .as(Hello.token())
                            .get("/hello/7")
                            .json()
                            .path("user")
                            .asString())
                    .isEqualTo(Hello.USER.toString());
            assertThat(hello.life).containsExactly("start");
        }
        assertThat(hello.life).containsExactly("start", "drain", "close");
    }
}
