package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What holds for every route alike. */
@EachArrangement
class EdgeTest {
    private final World world;
    private final Client anyone;
    private final Person anna;

    EdgeTest(Arrangement arrangement) {
        this.world = arrangement.world();
        this.anyone = world.anonymous();
        this.anna = world.person("anna");
    }

    @Test
    void theFrontendsOriginMayAskAnythingAnOtherNothing() {
        for (var operation : Contract.natter().operations()) {
            Answer answer = preflight(operation, "http://localhost:3000");
            assertThat(answer.status()).as(answer::toString).isIn(200, 204);
            assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("http://localhost:3000");
            assertThat(answer.header("Access-Control-Allow-Credentials")).isEqualTo("true");
            assertThat(answer.header("Access-Control-Allow-Methods")).contains(operation.method());
            assertThat(answer.header("Access-Control-Allow-Headers").toLowerCase(Locale.ROOT))
                    .contains("authorization", "content-type", "idempotency-key");
            assertThat(answer.header("Access-Control-Max-Age")).isNotBlank();
            assertThat(preflight(operation, "https://evil.example").header("Access-Control-Allow-Origin"))
                    .isNull();
        }
    }

    @Test
    void aFrontendReadsThePromisedHeaders() {
        Answer answer = anna.client().get("/api/users/me", Map.of("Origin", "http://localhost:3000"));

        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("http://localhost:3000");
        assertThat(answer.header("Access-Control-Expose-Headers").toLowerCase(Locale.ROOT))
                .contains("link", "location", "etag", "retry-after", "ratelimit", "idempotent-replayed")
                .contains("x-request-id", "natter-seq", "natter-epoch");
        assertThat(answer.headers().allValues("Vary").toString()).containsIgnoringCase("origin");
        Answer error = anyone.get("/api/users/me", Map.of("Origin", "http://localhost:3000"))
                .is(401);
        assertThat(error.header("Access-Control-Allow-Origin")).isEqualTo("http://localhost:3000");
    }

    @Test
    void aRequestKeepsItsId() {
        assertThat(anna.client()
                        .get("/api/users/me", Map.of("X-Request-Id", "my-id.42"))
                        .header("X-Request-Id"))
                .isEqualTo("my-id.42");
        assertThat(anna.client().get("/api/users/me").header("X-Request-Id"))
                .isNotEqualTo(anna.client().get("/api/users/me").header("X-Request-Id"));
        assertThat(anna.client()
                        .get("/nowhere", Map.of("X-Request-Id", "my-id.43"))
                        .header("X-Request-Id"))
                .isEqualTo("my-id.43");
        assertThat(anna.client()
                        .get("/api/users/me", Map.of("X-Request-Id", "<script>" + "x".repeat(500)))
                        .header("X-Request-Id"))
                .doesNotContain("<");
    }

    @Test
    void aPathThatIsNotThereIsAProblem() {
        for (String path : List.of(
                "/",
                "/nowhere",
                "/api",
                "/api/nowhere",
                "/api/users/me/nowhere",
                "/media",
                "/ws",
                "/health",
                "/metrics",
                "/health/live",
                "/internal/users/known",
                "/api/../internal/dataset")) {
            anna.client().get(path).is(404, "not_found");
        }
    }

    @Test
    void anotherMethodIsRefusedAndTheRightOnesAreNamed() {
        for (var operation : Contract.natter().operations()) {
            String path = operation.path(Map.of());
            Answer answer = anna.client().raw("PROPFIND", path, Map.of(), BodyPublishers.noBody());

            answer.is(405, "method_not_allowed");
            assertThat(List.of(answer.header("Allow").split("\\s*,\\s*")))
                    .contains(operation.method())
                    .allMatch(method -> List.of("HEAD", "OPTIONS").contains(method)
                            || Contract.natter().operations().stream()
                                    .anyMatch(other -> other.method().equals(method)
                                            && other.path().equals(operation.path())));
        }
    }

    @Test
    void headIsGetWithoutItsBody() {
        for (String path : List.of("/api/users/me", "/api/chats", "/openapi.json", "/.well-known/jwks.json")) {
            Answer get = anna.client().get(path).is(200);
            Answer head = anna.client().head(path).is(200);

            assertThat(head.body()).isEmpty();
            assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
        }
        assertThat(anyone.head("/api/users/me").status()).isEqualTo(401);
    }

    @Test
    void aMissingTokenSaysWhatIsAskedFor() {
        assertThat(anyone.get("/api/users/me").is(401, "unauthenticated").header("WWW-Authenticate"))
                .startsWith("Bearer");
    }

    @Test
    void theContractIsServedAsItIsWritten() {
        assertThat(anyone.get("/openapi.json").is(200).json())
                .isEqualTo(Contract.natter().document());
    }

    @Test
    void theInternalListenerShowsNothingToOneWithoutTheCredential() {
        for (String service : List.of("auth", "chat", "message", "media", "realtime")) {
            var internal = new Client(anyone.http(), world.natter().internalUri(service), null);
            assertThat(internal.raw("GET", "/health/ready", Map.of(), BodyPublishers.noBody())
                            .status())
                    .as(service)
                    .isEqualTo(200);
            assertThat(internal.raw("GET", "/metrics", Map.of(), BodyPublishers.noBody())
                            .status())
                    .isEqualTo(200);
        }
        var message = new Client(anyone.http(), world.natter().internalUri("message"), null);
        assertThat(message.raw("GET", "/internal/dataset", Map.of(), BodyPublishers.noBody())
                        .status())
                .isIn(401, 403);
        assertThat(message.as(anna.token())
                        .raw("GET", "/internal/dataset", Map.of("Natter-Service", "guess"), BodyPublishers.noBody())
                        .status())
                .isIn(401, 403);
    }

    private Answer preflight(Operation operation, String origin) {
        return anyone.raw(
                "OPTIONS",
                operation.path(Map.of()),
                Map.of(
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        operation.method(),
                        "Access-Control-Request-Headers",
                        "authorization, content-type, idempotency-key, x-request-id"),
                BodyPublishers.noBody());
    }
}
