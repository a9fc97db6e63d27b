package dev.natter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Api;
import dev.natter.testing.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InputServiceTest {
    private static final List<String> POSTS = List.of("/api/auth/register", "/api/auth/login", "/api/auth/refresh");

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
    void garbageIsTheClientsFault() {
        List<String> bodies = List.of(
                "",
                "null",
                "[]",
                "\"text\"",
                "7",
                "{",
                "{}",
                "{\"username\":7,\"password\":true,\"refresh_token\":{}}",
                "{\"username\":[\"a\"],\"password\":null,\"refresh_token\":[]}",
                "{\"username\":\"a\\u0000b\",\"password\":\"12345678\",\"refresh_token\":\"\\u0000\"}",
                "{\"username\":\"\\ud800abc\",\"password\":\"\\ud80012345678\",\"refresh_token\":\"\\ud800\"}",
                "{\"username\":\"abc\",\"password\":\"short\",\"refresh_token\":\"short\"}",
                "{\"username\":\"abcd\",\"password\":\"12345678\",\"email\":7,\"refresh_token\":7}",
                "{\"username\":\"a b\",\"password\":\"12345678\",\"refresh_token\":\"\"} trailing",
                "{\"a\":".repeat(100_000),
                "[".repeat(60_000),
                "{\"username\":\"" + "x".repeat(100_000) + "\"}",
                "{\"x\":1" + ",\"y\":1".repeat(9_000) + "}",
                "{\"username\":1e999999999,\"password\":1e999999999,\"refresh_token\":1e999999999}");

        for (String path : POSTS) {
            for (String body : bodies) {
                check(running.api.post(path, body), path, body);
            }
            check(running.api.post(path, new byte[] {'"', (byte) 0xc3, '"'}), path, "broken UTF-8");
            check(running.api.post(path, "{}".getBytes(StandardCharsets.UTF_16)), path, "UTF-16");
        }
    }

    @Test
    void otherKindsOfBodiesAreNotRead() {
        for (String path : POSTS) {
            for (String type :
                    List.of("text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense")) {
                Reply reply = running.api.with("Content-Type", type).post(path, "{}");
                assertThat(reply.status()).as(path + " " + type).isIn(400, 415);
            }
        }
        Reply form = running.api
                .with("Content-Type", "application/x-www-form-urlencoded")
                .post("/api/auth/register", "username=anna&password=12345678");
        assertThat(form.status()).isEqualTo(415);
        Reply nothing = running.api.request(running.api.to("/api/auth/login").POST(BodyPublishers.ofString("{}")));
        assertThat(nothing.status()).isEqualTo(415);
    }

    @Test
    void otherMethodsAreNotAllowed() {
        for (String path : POSTS) {
            Reply reply = running.api.get(path);
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("Allow")).contains("POST");
        }
        assertThat(running.api.post("/.well-known/jwks.json", "{}").status()).isEqualTo(405);
    }

    @Test
    void aBadKeyOfIdempotencyIsRefused() {
        Api named = running.api.with("Idempotency-Key", "k".repeat(201));
        Reply reply = named.post("/api/auth/register", "{\"username\":\"abcd\",\"password\":\"12345678\"}");

        assertThat(reply.status()).isEqualTo(422);
    }

    private static void check(Reply reply, String path, String body) {
        String about = path + " " + body.substring(0, Math.min(60, body.length())) + " -> " + reply;
        assertThat(reply.status()).as(about).isBetween(400, 499);
        assertThat(reply.header("Content-Type")).as(about).startsWith("application/problem+json");
        assertThat(reply.json().get("code").asString()).as(about).isNotBlank();
        assertThat(reply.text()).doesNotContain("Exception").doesNotContain("tools.jackson");
    }
}
