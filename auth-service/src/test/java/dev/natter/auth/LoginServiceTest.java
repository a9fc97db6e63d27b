package dev.natter.auth;

import static dev.natter.auth.Running.PASSWORD;
import static dev.natter.auth.Running.name;
import static dev.natter.auth.Running.userId;
import static org.assertj.core.api.Assertions.assertThat;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.natter.testing.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoginServiceTest {
    private Running running;
    private Reply anna;

    @BeforeAll
    void open() {
        running = new Running(Map.of("login.failures.address", "6"));
        anna = running.register(Map.of("username", "Änna", "email", "anna@example.org"));
    }

    @AfterAll
    void close() {
        running.close();
    }

    @Test
    void aUserSignsInByWhateverNameTheyHave() {
        assertThat(running.login("änna", PASSWORD).json().get("user"))
                .isEqualTo(anna.json().get("user"));
        assertThat(running.login("Anna@Example.org", PASSWORD).status()).isEqualTo(200);
        Reply byEmail = running.api.post("/api/auth/login", Map.of("email", "ANNA@example.org", "password", PASSWORD));
        assertThat(byEmail.status()).isEqualTo(200);
        assertThat(userId(byEmail)).isEqualTo(userId(anna));
    }

    @Test
    void thePasswordFormOfOldWorks() {
        Reply reply = form("grant_type=password&scope=&client_id=&client_secret=&username=" + encode("Änna")
                + "&password=" + encode(PASSWORD));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("token_type").asString()).isEqualTo("bearer");
        assertThat(running.as(reply.json()).get("/api/users/me").status()).isEqualTo(200);
        assertThat(form("username=" + encode("Änna") + "&password=wrong").status())
                .isEqualTo(401);
        assertThat(form("username=x").status()).isEqualTo(422);
        assertThat(form("").status()).isEqualTo(422);
        assertThat(form("username=%zz&password=x").status()).isEqualTo(400);
    }

    @Test
    void wrongNamesAndWrongPasswordsCannotBeToldApart() {
        Reply wrongPassword = running.login("Änna", "wrong password");
        Reply wrongName = running.login(name(), PASSWORD);

        assertThat(wrongPassword.status()).isEqualTo(401);
        assertThat(wrongPassword.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(withoutRequestId(wrongName)).isEqualTo(withoutRequestId(wrongPassword));
        assertThat(wrongName.headers().map().keySet())
                .isEqualTo(wrongPassword.headers().map().keySet());
    }

    @Test
    void aWrongNameTakesAsLongAsAWrongPassword() {
        LongSummaryStatistics known = times("Änna");
        LongSummaryStatistics unknown = times(name());

        // The hash dominates both; without it a wrong name would be answered in a small part of the time.
        assertThat(unknown.getMin()).isGreaterThan(known.getMin() / 4);
    }

    @Test
    void guessingIsSlowedDownForThatAccountAlone() {
        String target = name();

        int status = 401;
        for (int i = 0; i < 7 && status == 401; i++) {
            status = running.login(target, "guess number " + i).status();
        }

        Reply slowed = running.login(target, PASSWORD);
        assertThat(status).isEqualTo(429);
        assertThat(slowed.status()).isEqualTo(429);
        assertThat(Integer.parseInt(slowed.header("Retry-After"))).isPositive();
        assertThat(slowed.json().get("code").asString()).isEqualTo("rate_limited");
        assertThat(running.login("Änna", PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void anOldHashIsRenewedWhenItsOwnerComes() throws Exception {
        String name = name();
        Reply user = running.register(name);
        String old = Argon2Function.getInstance(8_192, 1, 1, 32, Argon2.ID, 19)
                .hash(PASSWORD.getBytes(StandardCharsets.UTF_8), new byte[16])
                .getResult();
        store(user, old);

        assertThat(running.login(name, PASSWORD).status()).isEqualTo(200);

        assertThat(stored(user)).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(old);
        assertThat(running.login(name, PASSWORD).status()).isEqualTo(200);
        assertThat(running.login(name, "wrong password").status()).isEqualTo(401);
    }

    private LongSummaryStatistics times(String username) {
        return LongStream.range(0, 3)
                .map(i -> {
                    long began = System.nanoTime();
                    running.login(username, "wrong password " + i);
                    return Duration.ofNanos(System.nanoTime() - began).toMillis();
                })
                .summaryStatistics();
    }

    private Reply form(String body) {
        return running.api
                .with("Content-Type", "application/x-www-form-urlencoded")
                .post("/api/auth/login", body);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String withoutRequestId(Reply reply) {
        return reply.text().replaceAll("\"request_id\":\"[^\"]*\"", "");
    }

    private void store(Reply user, String hash) {
        running.database
                .client()
                .execute()
                .createUpdate("UPDATE users SET password = ? WHERE id = CAST(? AS uuid)")
                .addParam(hash)
                .addParam(userId(user).toString())
                .execute();
    }

    private String stored(Reply user) {
        return running.database
                .client()
                .execute()
                .createGet("SELECT password FROM users WHERE id = CAST(? AS uuid)")
                .addParam(userId(user).toString())
                .execute()
                .orElseThrow()
                .column(1)
                .getString();
    }
}
