package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@EachArrangement
class IdentityTest {
    private final World world;
    private final Client anyone;

    IdentityTest(Arrangement arrangement) {
        this.world = arrangement.world();
        this.anyone = world.anonymous();
    }

    @Test
    void whoRegistersIsSignedIn() {
        String name = world.fresh("Зоя-é");

        Answer answer =
                register(name, Map.of("email", "ZOYA" + name.hashCode() + "@example.org", "display_name", "Zoya Z"));

        answer.is(201);
        JsonNode user = answer.json().get("user");
        assertThat(answer.header("Location"))
                .isEqualTo("/api/users/" + user.get("id").asString());
        assertThat(user.get("username").asString()).isEqualTo(name);
        assertThat(user.get("display_name").asString()).isEqualTo("Zoya Z");
        assertThat(answer.json().get("expires_in").asInt()).isEqualTo(30 * 60);
        Client zoya = anyone.as(answer.json().get("access_token").asString());
        assertThat(zoya.get("/api/users/me").is(200).json()).isEqualTo(user);
    }

    @Test
    void aUsernameIsUniqueWhateverItsCaseAndSpelling() {
        String name = world.fresh("Renée");
        register(name, Map.of()).is(201);

        register(name.toUpperCase(Locale.ROOT), Map.of()).is(409, "username_taken");
        register(name.replace("é", "e\u0301"), Map.of()).is(409, "username_taken");
    }

    @Test
    void anAddressRegistersOnce() {
        String address = world.fresh("post") + "@example.org";
        register(world.fresh("first"), Map.of("email", address)).is(201);

        register(world.fresh("second"), Map.of("email", address.toUpperCase(Locale.ROOT)))
                .is(409, "email_taken");
    }

    @Test
    void ofManyWhoWantANameAtOnceOneGetsIt() {
        String name = world.fresh("wanted");
        Callable<Integer> attempt = () -> register(name, Map.of()).status();

        List<Integer> statuses = AtOnce.run(4, _ -> attempt.call());

        assertThat(statuses).containsOnlyOnce(201).contains(409).containsOnly(201, 409);
    }

    @Test
    void signsInByNameByAddressAndByForm() {
        String name = world.fresh("login");
        String address = name + "@example.org";
        String id =
                register(name, Map.of("email", address)).json().at("/user/id").asString();

        for (var credentials : List.of(
                Map.of("username", name, "password", "correct horse"),
                Map.of("email", address, "password", "correct horse"),
                Map.of("username", name.toUpperCase(Locale.ROOT), "password", "correct horse"))) {
            Answer answer = anyone.post("/api/auth/login", credentials).is(200);
            assertThat(answer.json().at("/user/id").asString()).isEqualTo(id);
        }
        Answer form = form("grant_type=password&username=" + encoded(name) + "&password=correct+horse")
                .is(200);
        assertThat(form.json().at("/user/id").asString()).isEqualTo(id);
    }

    @Test
    void aWrongNameAndAWrongPasswordAreTheSame() {
        Person anna = world.person("anna");

        Answer wrongPassword =
                anyone.post("/api/auth/login", Map.of("username", anna.username(), "password", "not the password"));
        Answer wrongName =
                anyone.post("/api/auth/login", Map.of("username", "nobody.at.all", "password", "not the password"));

        wrongPassword.is(401, "unauthenticated");
        wrongName.is(401, "unauthenticated");
        assertThat(wrongName.json().get("detail"))
                .isEqualTo(wrongPassword.json().get("detail"));
        form("username=nobody.at.all&password=not+the+password").is(401, "unauthenticated");
    }

    @Test
    void aRefreshTokenWorksOnceAndItsReuseEndsTheSession() {
        JsonNode first = register(world.fresh("fresh"), Map.of()).json();

        JsonNode second = refresh(first).is(200).json();

        assertThat(second.get("refresh_token")).isNotEqualTo(first.get("refresh_token"));
        anyone.as(second.get("access_token").asString()).get("/api/users/me").is(200);
        refresh(first).is(401, "unauthenticated");
        refresh(second).is(401, "unauthenticated");
    }

    @Test
    void afterLogoutTheRefreshTokenIsWorthless() {
        JsonNode tokens = register(world.fresh("leaver"), Map.of()).json();
        Client leaver = anyone.as(tokens.get("access_token").asString());

        leaver.send("POST", "/api/auth/logout", null, new byte[0]).is(204);

        refresh(tokens).is(401, "unauthenticated");
        leaver.send("POST", "/api/auth/logout", null, new byte[0]);
    }

    @Test
    void badRegistrationsSayWhichFieldIsWrong() {
        assertThat(fields(register("ab", Map.of()))).containsExactly("username");
        assertThat(fields(register("has space", Map.of()))).containsExactly("username");
        assertThat(fields(register("x".repeat(33), Map.of()))).containsExactly("username");
        assertThat(fields(register("<script>", Map.of()))).containsExactly("username");
        assertThat(fields(register(world.fresh("mail"), Map.of("email", "no address"))))
                .containsExactly("email");
        assertThat(fields(anyone.post("/api/auth/register", Map.of("username", "x", "password", "short"))))
                .containsExactlyInAnyOrder("username", "password");
        assertThat(fields(anyone.post(
                        "/api/auth/register", Map.of("username", world.fresh("long"), "password", "x".repeat(129)))))
                .containsExactly("password");
        assertThat(fields(anyone.post("/api/auth/register", Map.of()))).contains("username", "password");
    }

    private Answer register(String name, Map<String, String> more) {
        var body = new java.util.HashMap<>(more);
        body.put("username", name);
        body.put("password", "correct horse");
        return anyone.post("/api/auth/register", body);
    }

    private Answer refresh(JsonNode tokens) {
        return anyone.post("/api/auth/refresh", Map.of("refresh_token", tokens.get("refresh_token")));
    }

    private Answer form(String form) {
        return anyone.send(
                "POST", "/api/auth/login", "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static List<String> fields(Answer answer) {
        answer.is(422, "validation_failed");
        return java.util.stream.StreamSupport.stream(answer.json().get("errors").spliterator(), false)
                .map(error -> error.get("field").asString())
                .distinct()
                .toList();
    }
}
