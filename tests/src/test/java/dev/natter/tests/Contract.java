package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code openapi.yaml}, as something that answers can be held against. */
final class Contract {
    static final JsonMapper JSON = new JsonMapper();

    private static final String DOCUMENT = "https://natter.dev/openapi.json";
    private static final Pattern LEAK = Pattern.compile(
            "Exception|\\bat (dev\\.natter|io\\.helidon|java\\.)|SELECT |INSERT |UPDATE |DELETE FROM|SQLSTATE|PSQL|jdbc|postgres"
                    + "|tools\\.jackson|org\\.",
            Pattern.CASE_INSENSITIVE);

    private final JsonNode document = load();
    private final List<Operation> operations = operations(document);
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(DOCUMENT, document.toString())));

    private static final class Holder {
        private static final Contract INSTANCE = new Contract();
    }

    private Contract() {}

    static Contract natter() {
        return Holder.INSTANCE;
    }

    JsonNode document() {
        return document;
    }

    List<Operation> operations() {
        return operations;
    }

    Optional<Operation> operation(String method, String path) {
        return operations.stream()
                .filter(operation -> operation.matches(method, path))
                .findFirst();
    }

    /** Every answer, whatever was asked: never a defect, always a request id, problems in one form, no leaks. */
    void holds(String method, String path, Answer answer) {
        assertThat(answer.status()).as(answer::toString).isLessThan(500);
        assertThat(answer.header("X-Request-Id")).as("request id of " + answer).isNotBlank();
        if (answer.status() >= 400 && !method.equals("HEAD")) {
            assertThat(type(answer)).as(answer::toString).isEqualTo("application/problem+json");
            conforms("/components/schemas/Problem", answer);
            assertThat(answer.json().get("status").asInt()).as(answer::toString).isEqualTo(answer.status());
            assertThat(answer.json().get("request_id").asString()).isEqualTo(answer.header("X-Request-Id"));
            assertThat(answer.text()).doesNotContainPattern(LEAK);
        }
        if (!method.equals("HEAD")) {
            operation(method, path).ifPresent(operation -> holds(operation, answer));
        }
    }

    private void holds(Operation operation, Answer answer) {
        String status = "/responses/" + answer.status();
        JsonNode response = operation.spec().at(status);
        String pointer = operation.pointer() + status;
        if (response.isMissingNode()) {
            assertThat(answer.status())
                    .as("a status that %s does not promise: %s", operation, answer)
                    .isGreaterThanOrEqualTo(400);
            return;
        }
        if (response.has("$ref")) {
            pointer = response.get("$ref").asString().substring(1);
            response = document.at(pointer);
        }
        JsonNode content = response.path("content");
        if (content.isMissingNode() || answer.status() == 304) {
            assertThat(answer.body()).as(answer::toString).isEmpty();
            return;
        }
        String type = type(answer);
        assertThat(content.has("*/*") || content.has(type))
                .as("content type %s of %s", type, answer)
                .isTrue();
        if (type.endsWith("json")) {
            conforms(pointer + "/content/" + type.replace("/", "~1") + "/schema", answer);
        }
        for (var header : response.path("headers").properties()) {
            JsonNode schema =
                    document.at(header.getValue().path("$ref").asString("#").substring(1));
            if (header.getKey().equals("Location") && answer.status() == 201) {
                assertThat(answer.header("Location"))
                        .as("Location of %s, %s", answer, schema)
                        .startsWith("/");
            }
        }
    }

    /** Demands that a body is what the schema at this place of the contract says. */
    void conforms(String pointer, Answer answer) {
        conforms(pointer, answer.json(), answer.toString());
    }

    void conforms(String pointer, JsonNode body, String what) {
        Schema schema = schemas.computeIfAbsent(
                pointer, place -> registry.getSchema(SchemaLocation.of(DOCUMENT + "#" + escaped(place))));
        assertThat(schema.validate(body)).as(pointer + " " + what).isEmpty();
    }

    private static String escaped(String pointer) {
        return pointer.replace("{", "%7B").replace("}", "%7D").replace("*", "%2A");
    }

    private static String type(Answer answer) {
        String type = answer.header("Content-Type");
        return type == null ? "" : type.replaceAll(";.*", "").toLowerCase(Locale.ROOT);
    }

    private static JsonNode load() {
        try (var yaml = Contract.class.getResourceAsStream("/dev/natter/contracts/openapi.yaml")) {
            return new YAMLMapper().readTree(yaml);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<Operation> operations(JsonNode document) {
        List<Operation> found = new ArrayList<>();
        for (var path : document.get("paths").properties()) {
            for (String method : List.of("get", "post", "put", "patch", "delete")) {
                if (path.getValue().has(method)) {
                    found.add(new Operation(
                            method.toUpperCase(Locale.ROOT),
                            path.getKey(),
                            path.getValue().get(method)));
                }
            }
        }
        // Literal paths first: /api/users/me is not a user id.
        found.sort(Comparator.comparing(operation -> operation.path().contains("{")));
        return List.copyOf(found);
    }
}
