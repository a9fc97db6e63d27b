package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.platform.bus.Envelope;
import dev.natter.testing.Api;
import dev.natter.testing.Samples;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What auth-service and its neighbours say to each other, as the golden samples have it. */
class ContractServiceTest {
    private static Running running;
    private static Api peer;

    @BeforeAll
    static void open() {
        running = new Running();
        peer = running.internal.with("Natter-Service", running.ground.secret().credential());
    }

    @AfterAll
    static void close() {
        running.close();
    }

    @Test
    void anAvatarOfMediaServiceIsTheUsers() {
        JsonNode sample = Samples.json("avatar_set");
        String user = sample.get("user_id").asString();
        JsonNode somebody = running.register(Running.name()).json();
        running.database.inTransaction(connection -> {
            try (var insert = connection.prepareStatement("""
                    INSERT INTO users (id, username, username_key, display_name, display_key, password, created_at)
                    VALUES (?::uuid, 'sampled', 'sampled', 'sampled', 'sampled', 'nobody signs in', now())""")) {
                insert.setString(1, user);
                return insert.executeUpdate();
            }
        });

        running.bus
                .publish(Envelope.of(Samples.event("avatar_set", "natter.file." + user + ".avatar_set")))
                .join();

        Api caller = running.api.as(somebody.get("access_token").asString());
        await().untilAsserted(() -> assertThat(caller.get("/api/users/" + user)
                        .json()
                        .path("avatar_url")
                        .asString(""))
                .isEqualTo(sample.get("url").asString()));
    }

    @Test
    void itsAnswersAreThoseOfTheSamples() {
        JsonNode registered = running.register(Running.name()).json();
        String user = registered.at("/user/id").asString();
        Api caller = running.api.as(registered.get("access_token").asString());
        String session =
                caller.get("/api/auth/sessions").json().get(0).get("id").asString();
        String ticket = caller.post("/api/auth/ws-ticket", Map.of())
                .json()
                .get("ticket")
                .asString();

        Samples.demandAlike("known_users", peer.post("/internal/users/known", Map.of("ids", List.of(user))));
        Samples.demandAlike("session_ids", peer.post("/internal/sessions/alive", Map.of("ids", List.of(session))));
        Samples.demandAlike("limits_auth", peer.get("/internal/limits/auth"));
        Samples.demandAlike("jwks", running.internal.get("/.well-known/jwks.json"));
        Samples.demandAlike("ticket_holder", peer.post("/internal/tickets/redeem", Map.of("ticket", ticket)));
    }

    @Test
    void itsQuestionsAreThoseOfTheSamples() {
        assertThat(peer.post("/internal/users/known", Samples.json("known_users"))
                        .status())
                .isEqualTo(200);
        assertThat(peer.post("/internal/sessions/alive", Samples.json("session_ids"))
                        .status())
                .isEqualTo(200);
        assertThat(peer.post("/internal/tickets/redeem", Samples.json("ticket")).status())
                .isEqualTo(404);
    }
}
