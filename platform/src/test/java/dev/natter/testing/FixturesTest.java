package dev.natter.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FixturesTest {
    @Test
    void aStubbedNeighbourAnswersAsTold() {
        try (StubPeer peer = new StubPeer()) {
            peer.on(
                    "POST",
                    "/things/(\\d+)",
                    request -> StubPeer.Answer.ok(Map.of(
                            "number",
                            request.path().group(1),
                            "body",
                            request.as(Map.class),
                            "q",
                            request.query("q"))));
            Api api = new Api(peer.base()).as("a token");

            Reply reply = api.post("/things/7?q=x", Map.of("a", 1));

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.json().path("number").asString()).isEqualTo("7");
            assertThat(reply.json().path("body").path("a").asInt()).isEqualTo(1);
            assertThat(reply.json().path("q").asString()).isEqualTo("x");
            assertThat(api.get("/elsewhere").status()).isEqualTo(404);
        }
    }

    @Test
    void theGroundHasADatabaseANatsServerAndTokens() {
        try (Ground ground = Ground.open()) {
            assertThat(ground.settings().get("database.url")).startsWith("postgresql://natter:");
            assertThat(ground.nats().alive()).isTrue();
            assertThat(ground.postgres().alive()).isTrue();
            assertThat(ground.token(UUID.randomUUID()).split("\\.")).hasSize(3);
            assertThat(ground.secret().credential()).isNotEmpty();
        }
    }
}
