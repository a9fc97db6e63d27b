package dev.natter.tests;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.FileEvent;
import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.MessageEvent;
import dev.natter.contracts.PresenceEvent;
import dev.natter.contracts.Subjects;
import dev.natter.contracts.UserEvent;
import dev.natter.platform.http.Json;
import dev.natter.testing.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Holds {@code asyncapi.yaml} against itself, against {@code openapi.yaml}, and against the events of the code. */
class LiveContractTest {
    private static final Path SAMPLES = Path.of("..", "contracts", "samples");
    private static final List<Class<?>> EVENTS = List.of(
            UserEvent.class,
            ChatEvent.class,
            MessageEvent.class,
            FileEvent.class,
            LiveEvent.class,
            PresenceEvent.class);

    /** What NATS carries that is no event, but made of some. */
    private static final Set<String> PLAIN = Set.of("event.dead_letter", "event.envelope");

    private final JsonNode document = Protocol.natter().document();

    @Test
    void theContractIsWellFormed() {
        assertThat(document.path("asyncapi").asString()).isEqualTo("3.0.0");
        assertThat(document.at("/info/title").asString()).isNotBlank();
        assertThat(document.at("/info/version"))
                .isEqualTo(Contract.natter().document().at("/info/version"));
        document.findValuesAsString("$ref")
                .forEach(reference ->
                        assertThat(at(reference).isMissingNode()).as(reference).isFalse());
        Set<String> used = new TreeSet<>();
        for (var channel : document.get("channels").properties()) {
            JsonNode value = channel.getValue();
            assertThat(value.path("address").asString()).as(channel.getKey()).isNotBlank();
            assertThat(value.path("servers")).as(channel.getKey()).hasSize(1);
            Set<String> parameters = new TreeSet<>();
            java.util.regex.Pattern.compile("\\{(\\w+)}")
                    .matcher(value.get("address").asString())
                    .results()
                    .forEach(found -> parameters.add(found.group(1)));
            assertThat(new TreeSet<>(value.path("parameters").propertyNames())).isEqualTo(parameters);
            for (var message : value.get("messages").properties()) {
                assertThat(message.getValue().get("$ref").asString())
                        .isEqualTo("#/components/messages/" + message.getKey());
                used.add(message.getKey());
            }
        }
        assertThat(used)
                .isEqualTo(new TreeSet<>(document.at("/components/messages").propertyNames()));
        Set<String> mentioned = new TreeSet<>(document.findValuesAsString("$ref"));
        for (String kind : List.of("schemas", "parameters", "securitySchemes")) {
            assertThat(document.at("/components/" + kind).propertyNames())
                    .allMatch(name -> mentioned.contains("#/components/" + kind + "/" + name));
        }
    }

    @Test
    void everyFrameAndEventIsSomebodysOperation() {
        Set<String> said = new TreeSet<>();
        for (var operation : document.get("operations").properties()) {
            JsonNode value = operation.getValue();
            assertThat(value.get("action").asString()).isIn("send", "receive");
            String channel = value.at("/channel/$ref").asString();
            JsonNode messages = value.path("messages");
            if (messages.isMissingNode()) {
                at(channel).get("messages").propertyNames().forEach(said::add);
            }
            for (JsonNode list : List.of(messages, value.at("/reply/messages"))) {
                for (JsonNode message : list) {
                    String reference = message.get("$ref").asString();
                    assertThat(reference).as(operation.getKey()).startsWith(channel + "/messages/");
                    said.add(reference.substring((channel + "/messages/").length()));
                }
            }
        }
        said.addAll(PLAIN);
        assertThat(said)
                .isEqualTo(new TreeSet<>(document.at("/components/messages").propertyNames()));
    }

    @Test
    void everySchemaIsOneAndEveryExampleObeysIt() {
        var meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        for (var schema : document.at("/components/schemas").properties()) {
            assertThat(meta.validate(schema.getValue())).as(schema.getKey()).isEmpty();
        }
        for (var message : document.at("/components/messages").properties()) {
            String key = message.getKey();
            JsonNode value = message.getValue();
            assertThat(meta.validate(value.get("payload"))).as(key).isEmpty();
            assertThat(value.get("name").asString()).isEqualTo(key.substring(key.indexOf('.') + 1));
            assertThat(value.path("summary").asString("")).as(key).isNotBlank();
            if (!PLAIN.contains(key)) {
                assertThat(value.at("/payload/properties/type/const")).as(key).isEqualTo(value.get("name"));
                assertThat(value.path("examples")).as(key).isNotEmpty();
                value.get("examples").forEach(example -> Protocol.natter().conforms(key, example.get("payload")));
            }
        }
    }

    @Test
    void whatBothContractsKnowIsTheSameInBoth() {
        JsonNode other = Contract.natter().document();
        int shared = 0;
        for (var schema : document.at("/components/schemas").properties()) {
            JsonNode there = other.at("/components/schemas/" + schema.getKey());
            if (!there.isMissingNode()) {
                assertThat(schema.getValue()).as(schema.getKey()).isEqualTo(there);
                shared++;
            }
        }
        assertThat(shared).isGreaterThanOrEqualTo(9);
        assertThat(document.at("/components/schemas/Code/enum"))
                .isEqualTo(other.at("/components/schemas/Problem/properties/code/enum"));
    }

    @Test
    void everyEventHasExactlyTheFieldsOfTheContract() {
        Set<String> known = new TreeSet<>();
        for (Class<?> events : EVENTS) {
            for (var event : events.getAnnotation(JsonSubTypes.class).value()) {
                JsonNode schema = document.at("/components/messages/event." + event.name() + "/payload");
                Set<String> fields = fields(event.value());
                assertThat(new TreeSet<>(schema.path("properties").propertyNames()))
                        .as(event.name())
                        .isEqualTo(fields);
                Set<String> required = new TreeSet<>();
                schema.path("required").forEach(name -> required.add(name.asString()));
                assertThat(required).as(event.name()).isEqualTo(fields);
                known.add("event." + event.name());
            }
        }

        known.addAll(PLAIN);
        assertThat(new TreeSet<>(document.at("/components/messages").propertyNames())
                        .stream().filter(name -> name.startsWith("event.")).toList())
                .containsExactlyElementsOf(known);
    }

    @Test
    void everyGoldenSampleOfAnEventIsWhatTheContractSaysOfItsSubject() throws IOException {
        Set<String> samples = new TreeSet<>();
        for (Path file : samples()) {
            byte[] json = Files.readAllBytes(file);
            String type = Json.mapper().readTree(json).path("type").asString("");
            if (file.getFileName().toString().equals(type + ".json")) {
                Protocol.natter().event(subject(type, json), json);
                samples.add(type);
            }
        }
        Set<String> all = EVENTS.stream()
                .flatMap(events ->
                        Arrays.stream(events.getAnnotation(JsonSubTypes.class).value()))
                .map(JsonSubTypes.Type::name)
                .collect(toCollection(TreeSet::new));
        assertThat(samples).isEqualTo(all);
    }

    private static String subject(String type, byte[] json) {
        var id = UUID.randomUUID();
        return switch (owner(type).getSimpleName()) {
            case "UserEvent" -> Subjects.of(id, Json.parse(json, UserEvent.class));
            case "ChatEvent" -> Subjects.of(id, Json.parse(json, ChatEvent.class));
            case "MessageEvent" -> Subjects.of(id, Json.parse(json, MessageEvent.class));
            case "FileEvent" -> Subjects.of(Json.parse(json, FileEvent.class));
            case "PresenceEvent" -> Subjects.PRESENCE;
            default ->
                switch (Json.parse(json, LiveEvent.class)) {
                    case LiveEvent.Typing _ -> Subjects.typing(id);
                    case LiveEvent.MessageRead _ -> Subjects.read(id);
                    case LiveEvent.Unread _ -> Subjects.unread(id);
                    case LiveEvent.ChatActivity _ -> Subjects.activity(id);
                    case LiveEvent.Unknown _ -> throw new AssertionError(type);
                };
        };
    }

    private static Class<?> owner(String type) {
        return EVENTS.stream()
                .filter(events -> Arrays.stream(
                                events.getAnnotation(JsonSubTypes.class).value())
                        .anyMatch(event -> event.name().equals(type)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("A sample of no event: " + type));
    }

    private JsonNode at(String reference) {
        return document.at(reference.substring(1));
    }

    private static Set<String> fields(Class<?> event) {
        Set<String> fields = Arrays.stream(event.getRecordComponents())
                .map(component ->
                        component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                .collect(toCollection(TreeSet::new));
        fields.add("type");
        return fields;
    }

    private static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return new ArrayList<>(files.toList());
        }
    }
}
