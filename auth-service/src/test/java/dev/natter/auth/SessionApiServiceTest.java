package dev.natter.auth;

import static dev.natter.auth.Running.name;
import static dev.natter.auth.Running.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Internal.SessionIds;
import dev.natter.contracts.Internal.Ticket;
import dev.natter.contracts.Internal.TicketHolder;
import dev.natter.contracts.Subjects;
import dev.natter.contracts.UserEvent;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import dev.natter.testing.Api;
import dev.natter.testing.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionApiServiceTest {
    private Running running;
    private Api peer;

    @BeforeAll
    void open() {
        running = new Running();
        peer = running.internal.with("Natter-Service", running.ground.secret().credential());
    }

    @AfterAll
    void close() {
        running.close();
    }

    @Test
    void aGatewayCanAskWhichSessionsAreStillAlive() {
        JsonNode here = running.register(name()).json();
        String alive =
                running.as(here).get("/api/auth/sessions").json().at("/0/id").asString();
        JsonNode gone = running.register(name()).json();
        String ended =
                running.as(gone).get("/api/auth/sessions").json().at("/0/id").asString();
        running.as(gone).post("/api/auth/logout", null);

        SessionIds answer = Json.parse(
                peer.post("/internal/sessions/alive", new SessionIds(Set.of(alive, ended, "no id", "")))
                        .body(),
                SessionIds.class);

        assertThat(answer.ids()).containsExactly(alive);
    }

    @Test
    void whoSignedInOnTwoDevicesSeesBothAndEndsOne() {
        String username = name();
        JsonNode here = running.register(username).json();
        JsonNode there = running.api
                .with("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
                .post("/api/auth/login", Map.of("username", username, "password", Running.PASSWORD))
                .json();

        JsonNode sessions = running.as(here).get("/api/auth/sessions").json();

        assertThat(sessions).hasSize(2);
        assertThat(sessions.at("/0/device").asString()).isEqualTo("Firefox on Linux");
        assertThat(sessions.at("/0/current").asBoolean()).isFalse();
        assertThat(sessions.at("/1/current").asBoolean()).isTrue();
        String other = sessions.at("/0/id").asString();
        assertThat(running.as(here).delete("/api/auth/sessions/" + other).status())
                .isEqualTo(204);
        assertThat(running.as(here).delete("/api/auth/sessions/" + other).status())
                .isEqualTo(404);
        assertThat(running.as(here).get("/api/auth/sessions").json()).hasSize(1);
        assertThat(running.refresh(there).status()).isEqualTo(401);
        assertThat(running.refresh(here).status()).isEqualTo(200);
    }

    @Test
    void nobodySeesOrEndsTheSessionOfAnother() {
        JsonNode mine = running.register(name()).json();
        JsonNode theirs = running.register(name()).json();
        String id =
                running.as(theirs).get("/api/auth/sessions").json().at("/0/id").asString();

        for (String wanted : List.of(id, UUID.randomUUID().toString(), "nonsense")) {
            Reply reply = running.as(mine).delete("/api/auth/sessions/" + wanted);
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.json().get("code").asString()).isEqualTo("not_found");
        }
        assertThat(running.as(mine).get("/api/auth/sessions").text()).doesNotContain(id);
        assertThat(running.refresh(theirs).status()).isEqualTo(200);
        assertThat(running.api.get("/api/auth/sessions").status()).isEqualTo(401);
        assertThat(running.api.delete("/api/auth/sessions/" + id).status()).isEqualTo(401);
    }

    @Test
    void whoSignsOutIsToldOfToThoseWhoKeepSockets() {
        Reply tokens = running.register(name());
        BlockingQueue<Delivery> heard = new LinkedBlockingQueue<>();
        try (var _ = running.bus.subscribe(Subjects.SESSIONS_ENDED, heard::add)) {
            String id = running.as(tokens.json())
                    .get("/api/auth/sessions")
                    .json()
                    .at("/0/id")
                    .asString();
            running.as(tokens.json()).post("/api/auth/logout", null);

            await().until(() -> heard.stream()
                    .map(event -> (UserEvent.SessionEnded) Json.parse(event.payload(), UserEvent.class))
                    .anyMatch(ended -> ended.userId().equals(userId(tokens))
                            && ended.sessionId().equals(id)));
        }
    }

    @Test
    void aTicketIsGivenForOneSocketAndRedeemedByTheGatewayOnly() {
        Reply tokens = running.register(name());
        Reply given = running.as(tokens.json()).post("/api/auth/ws-ticket", null);

        assertThat(given.status()).isEqualTo(201);
        assertThat(given.json().get("expires_in").asLong()).isEqualTo(30);
        assertThat(given.header("Cache-Control")).isEqualTo("no-store");
        var ticket = new Ticket(given.json().get("ticket").asString());
        assertThat(running.api.post("/internal/tickets/redeem", ticket).status())
                .isEqualTo(404);
        assertThat(running.internal.post("/internal/tickets/redeem", ticket).status())
                .isEqualTo(403);

        Reply redeemed = peer.post("/internal/tickets/redeem", ticket);

        assertThat(redeemed.status()).isEqualTo(200);
        var holder = redeemed.as(TicketHolder.class);
        assertThat(holder.userId()).isEqualTo(userId(tokens));
        assertThat(holder.expiresAt())
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(29)),
                        Instant.now().plus(Duration.ofMinutes(31)));
        assertThat(peer.post("/internal/tickets/redeem", ticket).status()).isEqualTo(404);
        for (Object wrong : List.of(new Ticket(null), new Ticket("guess"), new Ticket("\0"))) {
            assertThat(peer.post("/internal/tickets/redeem", wrong).status()).isEqualTo(404);
        }
    }

    @Test
    void whoseSessionHasEndedGetsNoTicket() {
        JsonNode tokens = running.register(name()).json();
        running.as(tokens).post("/api/auth/logout", null);

        Reply refused = running.as(tokens).post("/api/auth/ws-ticket", null);

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.json().get("code").asString()).isEqualTo("unauthenticated");
        assertThat(running.api.post("/api/auth/ws-ticket", null).status()).isEqualTo(401);
    }
}
