package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Api;
import dev.natter.testing.Reply;
import dev.natter.testing.Socket;
import dev.natter.testing.StubPeer.Answer;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a client is told that it must not exceed. */
class LimitsServiceTest {
    private Stage stage;

    @BeforeEach
    void begin() {
        stage = Stage.open("rate.limit.address.requests", "77", "rate.limit.user.requests", "0");
        for (String service : new String[] {"auth", "chat", "message", "media"}) {
            tells(service, 1);
        }
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void everyServiceTellsItsOwnAndAnyoneMayAsk() {
        Reply reply = new Api(stage.http("/")).get("/api/limits");

        assertThat(reply.status()).isEqualTo(200);
        for (String section : new String[] {"users", "chats", "messages", "files"}) {
            assertThat(reply.json().path(section).path("most").intValue())
                    .as(section)
                    .isEqualTo(1);
        }
        JsonNode requests = reply.json().path("realtime").path("requests");
        assertThat(requests.path("json_bytes").intValue()).isEqualTo(65536);
        assertThat(requests.path("rates").path("address").path("requests").intValue())
                .isEqualTo(77);
        assertThat(requests.path("rates").has("user")).as("not limited").isFalse();
        assertThat(stage.log().peer().asked().getFirst().credential()).isNotBlank();
    }

    @Test
    void theLimitsOfASocketAreThoseOfHello() {
        JsonNode told = new Api(stage.http("/"))
                .get("/api/limits")
                .json()
                .path("realtime")
                .path("socket");

        try (Socket socket = stage.socket(UUID.randomUUID())) {
            assertThat(socket.frames().getFirst().path("limits")).isEqualTo(told);
        }
    }

    @Test
    void theyAreNotAskedForEachTime() {
        for (int i = 0; i < 5; i++) {
            new Api(stage.http("/")).get("/api/limits");
        }

        assertThat(stage.log().peer().asked()).hasSize(4);
    }

    @Test
    void aServiceThatIsDownFailsNobody() {
        stage.log().peer().on("GET", "/internal/limits/media", request -> new Answer(503, null));
        JsonNode limits = new Api(stage.http("/")).get("/api/limits").json();
        assertThat(limits.path("files").isNull()).isTrue();
        assertThat(limits.path("chats").path("most").intValue()).isEqualTo(1);

        tells("media", 2);
        stage.log().peer().on("GET", "/internal/limits/chat", request -> new Answer(503, null));
        await().untilAsserted(() -> {
            JsonNode later = new Api(stage.http("/")).get("/api/limits").json();
            assertThat(later.path("files").path("most").asInt(0)).isEqualTo(2);
            assertThat(later.path("chats").path("most").asInt(0))
                    .as("told last")
                    .isEqualTo(1);
        });
    }

    private void tells(String service, int most) {
        stage.log().peer().on("GET", "/internal/limits/" + service, request -> Answer.ok(Map.of("most", most)));
    }
}
