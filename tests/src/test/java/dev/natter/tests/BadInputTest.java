package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Input of every wrong kind to every operation of the contract. That no answer is a defect, that each error is a
 * problem and that none leaks anything is what {@link Client} demands of every answer.
 */
@EachArrangement
@Tag("security")
class BadInputTest {
    private static final List<String> ODD_SEGMENTS = List.of(
            "nonsense",
            "0",
            "-1",
            "null",
            "%00",
            "%20",
            "%E2%80%AE",
            "%FF",
            "..",
            "%2e%2e",
            "..%2f..%2fetc",
            "'%20OR%201=1--",
            "*",
            "%25",
            "0199a6f0-7c1e-7b6a-9d55-2f5a8f0c1e02.1",
            "0199A6F0-7C1E-7B6A-9D55-2F5A8F0C1E02",
            "x".repeat(2000),
            "%F0%9F%91%8B",
            ";a=b",
            "%7Bid%7D",
            "a%0d%0aX-Evil:1");
    private static final List<String> ODD_VALUES = List.of(
            "",
            "x",
            "-1",
            "0",
            "1.5",
            "99999999999999999999",
            "%00",
            "%FF",
            "%ED%A0%80",
            "'%20OR%201=1--",
            "NaN",
            "0x10",
            "+1",
            "%D9%A1",
            "1&limit=2",
            "x".repeat(2000),
            "%F0%9F%91%8B");

    private final World world;
    private final Person anna;
    private final Person boris;
    private String chat;
    private Map<String, String> ids;

    BadInputTest(Arrangement arrangement) {
        this.world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.person("boris");
    }

    @BeforeEach
    void aChatWithAMessage() {
        chat = anna.opensGroup("abused", boris);
        ids = Map.of("chat_id", chat, "message_id", anna.says(chat, "untouched").id(), "user_id", anna.id());
    }

    @Test
    void everyBodyIsReadWithCare() {
        var operations = Contract.natter().operations().stream()
                .filter(Operation::takesJson)
                .toList();
        assertThat(operations).hasSizeGreaterThanOrEqualTo(6);
        for (var operation : operations) {
            for (Mischief mischief : Mischief.with(right(operation), schema(operation))) {
                Answer answer =
                        anna.client().send(operation.method(), operation.path(ids), mischief.type(), mischief.body());
                assertThat(answer.status())
                        .as("%s with %s: %s", operation, mischief.name(), answer)
                        .isIn(mischief.expected());
            }
        }
        anna.client().get("/api/chats/" + chat + "/messages").is(200);
    }

    @Test
    void everyPathIsReadWithCare() {
        for (var operation : Contract.natter().operations()) {
            for (String parameter : operation.parameters()) {
                for (String odd : ODD_SEGMENTS) {
                    Map<String, String> values = new HashMap<>(ids);
                    values.put(parameter, odd);
                    Answer answer = ask(operation, operation.path(values));
                    assertThat(answer.status()).as(answer::toString).isIn(400, 403, 404, 405, 414, 426);
                }
            }
        }
        assertThat(anna.client().get("/api/chats/" + chat + "/messages").list("content"))
                .containsExactly("untouched");
    }

    @Test
    void everyQueryIsReadWithCare() {
        for (var operation : Contract.natter().operations()) {
            for (JsonNode parameter : parameters(operation)) {
                for (String odd : ODD_VALUES) {
                    Answer answer = ask(
                            operation,
                            operation.path(ids) + "?" + parameter.get("name").asString() + "=" + odd);
                    assertThat(answer.status()).as(answer::toString).isIn(200, 400, 403, 404, 414, 422, 426);
                }
            }
        }
        anna.client().get("/api/users?ids=" + "x,".repeat(1000)).is(422);
        assertThat(anna.client().get("/api/users?%FF=%FE&&&=&a").status()).isIn(200, 400);
    }

    @Test
    void everyHeaderIsReadWithCare() {
        for (var header : Map.of(
                        "Idempotency-Key", List.of("", "x".repeat(201), "\t"),
                        "Range",
                                List.of(
                                        "bytes=x",
                                        "bytes=5-1",
                                        "lines=1-2",
                                        "bytes=" + "0-1,".repeat(500) + "0-1",
                                        "bytes=-",
                                        "bytes=-0"),
                        "If-None-Match", List.of("*", "x".repeat(3000), "\"", "W/"),
                        "Accept", List.of("garbage", "application/xml", "*/*;q=9"),
                        "Origin", List.of("null", "http://localhost:3000.evil.example", "garbage"),
                        "X-Forwarded-For", List.of("garbage", "127.0.0.1", "1.2.3.4,".repeat(200)),
                        "X-Request-Id", List.of("", "x".repeat(3000), "a b", "\"'<>"))
                .entrySet()) {
            for (String value : header.getValue()) {
                for (String path : List.of("/api/users/me", "/api/chats", "/media/avatars/nonsense", "/openapi.json")) {
                    Answer answer = anna.client().get(path, Map.of(header.getKey(), value));
                    assertThat(answer.status()).as(answer::toString).isIn(200, 400, 404);
                }
            }
        }
        for (String key : List.of("", "x".repeat(201))) {
            Answer answer = anna.client()
                    .post("/api/chats/" + chat + "/messages", Map.of("Idempotency-Key", key), Map.of("content", "hi"));
            assertThat(answer.status()).as(answer::toString).isIn(201, 422);
        }
    }

    @Test
    void everyUploadIsReadWithCare() {
        String files = "/api/messages/" + ids.get("message_id") + "/files";
        String right = new Form().type();
        byte[] form =
                new Form().file("f", "a.txt", "text/plain", new byte[] {65, 66}).bytes();
        record Upload(String type, byte[] body) {}
        for (Upload upload : List.of(
                new Upload(right, new byte[0]),
                new Upload(right, "garbage".getBytes(StandardCharsets.UTF_8)),
                new Upload(right, java.util.Arrays.copyOf(form, form.length / 2)),
                new Upload(right, new Form().bytes()),
                new Upload("multipart/form-data", form),
                new Upload("multipart/form-data; boundary=" + "x".repeat(500), form),
                new Upload("multipart/form-data; boundary=", form),
                new Upload("application/json", "{}".getBytes(StandardCharsets.UTF_8)),
                new Upload("text/plain", form),
                new Upload(null, form))) {
            Answer answer = anna.client().send("POST", files, upload.type(), upload.body());
            assertThat(answer.status()).as("%s %s", upload.type(), answer).isIn(400, 415, 422);
        }
        Form many = new Form();
        for (int i = 0; i < 300; i++) {
            many.file("f", i + ".txt", "text/plain", new byte[] {65});
        }
        assertThat(anna.client().send("POST", files, many.type(), many.bytes()).status())
                .isIn(413, 422);
        Form large = new Form().file("f", "large.bin", "application/octet-stream", new byte[26 * 1024 * 1024]);
        assertThat(anna.client()
                        .send("POST", files, large.type(), large.bytes())
                        .status())
                .isEqualTo(413);
        assertThat(anna.client()
                        .get("/api/messages/" + ids.get("message_id"))
                        .json()
                        .get("files")
                        .size())
                .isZero();
    }

    @Test
    void formsAreReadWithCare() {
        for (String form : List.of(
                "",
                "&&&",
                "=",
                "username",
                "username=%FF&password=%FF",
                "username=%00&password=12345678",
                "username=a&username=b&password=x",
                "x=" + "y".repeat(70_000),
                "username=%zz&password=x")) {
            Answer answer = world.anonymous()
                    .send(
                            "POST",
                            "/api/auth/login",
                            "application/x-www-form-urlencoded",
                            form.getBytes(StandardCharsets.UTF_8));
            assertThat(answer.status())
                    .as(form.substring(0, Math.min(40, form.length())) + answer)
                    .isIn(400, 401, 413, 422);
        }
    }

    private Answer ask(Operation operation, String path) {
        return operation.takesJson()
                ? anna.client().json(operation.method(), path, Map.of(), operation.example())
                : anna.client().send(operation.method(), path, null, new byte[0]);
    }

    /** The contract's example, with ids that exist. */
    private ObjectNode right(Operation operation) {
        ObjectNode body = (ObjectNode) operation.example().deepCopy();
        if (body.has("member_ids")) {
            body.putArray("member_ids").add(boris.id());
        }
        if (body.has("client_id")) {
            body.remove("client_id");
        }
        if (body.has("username") && body.has("email")) {
            body.put("username", world.fresh("bad")).remove("email");
        }
        return body;
    }

    private static JsonNode schema(Operation operation) {
        String reference = operation
                .spec()
                .at("/requestBody/content/application~1json/schema/$ref")
                .asString();
        return Contract.natter().document().at(reference.substring(1));
    }

    private static List<JsonNode> parameters(Operation operation) {
        var document = Contract.natter().document();
        List<JsonNode> found = new java.util.ArrayList<>();
        for (JsonNode holder : List.of(document.get("paths").get(operation.path()), operation.spec())) {
            for (JsonNode parameter : holder.path("parameters")) {
                JsonNode known = parameter.has("$ref")
                        ? document.at(parameter.get("$ref").asString().substring(1))
                        : parameter;
                if (known.get("in").asString().equals("query")) {
                    found.add(known);
                }
            }
        }
        return found;
    }
}
