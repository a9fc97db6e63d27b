package dev.natter.auth;

import static dev.natter.auth.Running.PASSWORD;
import static dev.natter.auth.Running.name;
import static dev.natter.auth.Running.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.User;
import dev.natter.contracts.UserEvent;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import dev.natter.testing.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegisterServiceTest {
    private Running running;

    @BeforeAll
    void open() {
        running = new Running();
    }

    @AfterAll
    void close() {
        running.close();
    }

    @Test
    void whoeverRegistersIsSignedIn() {
        String name = name();
        Reply reply = running.register(
                Map.of("username", name, "display_name", "Анна", "email", name + "@example.org", "role", "admin"));

        JsonNode tokens = reply.json();
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Location")).isEqualTo("/api/users/" + userId(reply));
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(tokens.propertyNames())
                .containsExactlyInAnyOrder("access_token", "token_type", "expires_in", "refresh_token", "user");
        assertThat(tokens.get("token_type").asString()).isEqualTo("bearer");
        assertThat(tokens.get("expires_in").asInt()).isEqualTo(1800);
        assertThat(tokens.get("user").propertyNames())
                .containsExactlyInAnyOrder(
                        "id", "username", "display_name", "avatar_url", "bio", "created_at", "email");
        assertThat(tokens.get("user").get("display_name").asString()).isEqualTo("Анна");
        assertThat(tokens.get("user").get("email").asString()).isEqualTo(name + "@example.org");

        Reply me = running.as(tokens).get("/api/users/me");
        assertThat(me.status()).isEqualTo(200);
        assertThat(me.json()).isEqualTo(tokens.get("user"));
    }

    @Test
    void aNameIsTakenInEverySpelling() {
        assertThat(running.register("Straße.Één").status()).isEqualTo(201);

        for (String same : List.of("straße.één", "STRASSE.ÉÉN", "Straße.E\u0301e\u0301n", "ｓｔｒａßｅ.één")) {
            Reply reply = running.register(same);
            assertThat(reply.status()).as(same).isEqualTo(409);
            assertThat(reply.json().get("code").asString()).isEqualTo("username_taken");
        }
    }

    @Test
    void anAddressIsTakenInEverySpelling() {
        assertThat(running.register(Map.of("email", "One@Example.org")).status())
                .isEqualTo(201);

        Reply reply = running.register(Map.of("email", "one@EXAMPLE.ORG"));

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.json().get("code").asString()).isEqualTo("email_taken");
    }

    @Test
    void ofManyWhoWantOneNameAtOnceOneGetsIt() throws Exception {
        String name = name();
        var together = new CyclicBarrier(6);
        List<Future<Integer>> answers = new ArrayList<>();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                String spelling = i % 2 == 0 ? name : name.toUpperCase(Locale.ROOT);
                answers.add(threads.submit(() -> {
                    together.await();
                    return running.register(spelling).status();
                }));
            }
        }

        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> answer : answers) {
            statuses.add(answer.get());
        }
        assertThat(statuses).containsOnlyOnce(201).containsOnly(201, 409);
    }

    @Test
    void aRepetitionIsTheSameUserWithTokensOfItsOwn() {
        Map<String, String> body = Map.of("username", name(), "password", PASSWORD);
        var named = running.api.with("Idempotency-Key", "register-1");

        Reply first = named.post("/api/auth/register", body);
        Reply again = named.post("/api/auth/register", body);

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.json().get("user")).isEqualTo(first.json().get("user"));
        assertThat(again.json().get("refresh_token")).isNotEqualTo(first.json().get("refresh_token"));
        assertThat(running.refresh(first.json()).status()).isEqualTo(200);
        assertThat(running.refresh(again.json()).status()).isEqualTo(200);
    }

    @Test
    void aKeyOpensNothingWithoutThePassword() {
        String name = name();
        var named = running.api.with("Idempotency-Key", "register-2");
        named.post("/api/auth/register", Map.of("username", name, "password", PASSWORD));

        Reply guessed = named.post("/api/auth/register", Map.of("username", name, "password", "another password"));

        assertThat(guessed.status()).isEqualTo(422);
        assertThat(guessed.json().get("code").asString()).isEqualTo("idempotency_key_reused");
    }

    @Test
    void othersMayUseTheSameKey() {
        var named = running.api.with("Idempotency-Key", "1");

        assertThat(named.post("/api/auth/register", Map.of("username", name(), "password", PASSWORD))
                        .status())
                .isEqualTo(201);
        assertThat(named.post("/api/auth/register", Map.of("username", name(), "password", PASSWORD))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void everybodyHearsOfANewUserOnce() {
        BlockingQueue<Delivery> heard = new LinkedBlockingQueue<>();
        try (var _ = running.bus.subscribe("natter.user.>", heard::add)) {
            Reply reply = running.register(Map.of("email", name() + "@example.org"));
            UUID id = userId(reply);

            await().until(() -> heard.stream()
                    .anyMatch(delivery -> delivery.subject().equals("natter.user." + id + ".registered")));

            Delivery delivery = heard.stream()
                    .filter(one -> one.subject().contains(id.toString()))
                    .findFirst()
                    .orElseThrow();
            var event = (UserEvent.Registered) Json.parse(delivery.payload(), UserEvent.class);
            assertThat(delivery.seq()).isEqualTo(1);
            assertThat(event.version()).isEqualTo(1);
            assertThat(event.id()).isEqualTo(id + ".1");
            assertThat(event.user().username())
                    .isEqualTo(reply.json().get("user").get("username").asString());
            assertThat(new String(delivery.payload(), StandardCharsets.UTF_8))
                    .doesNotContain("@example.org")
                    .doesNotContain("password");
            assertThat(running.as(reply.json()).get("/api/users/" + id).as(User.class))
                    .isEqualTo(event.user());
        }
    }

    @Test
    void noPasswordIsStoredAsItIs() throws Exception {
        running.api
                .with("Idempotency-Key", "register-3")
                .post("/api/auth/register", Map.of("username", name(), "password", PASSWORD));

        for (String table : List.of("users", "idempotency", "sessions", "refresh_tokens", "outbox")) {
            try (var connection = running.database.connection();
                    var rows = connection
                            .prepareStatement("SELECT CAST(t AS text) FROM " + table + " t")
                            .executeQuery()) {
                while (rows.next()) {
                    assertThat(rows.getString(1)).doesNotContain(PASSWORD);
                }
            }
        }
    }
}
