package dev.natter.testing;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.natter.platform.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * {@code asyncapi.yaml}, as something that frames and events can be held against. The contract leaves objects open,
 * since a client or a consumer must ignore what it doesn't know; here they are closed, so that nothing is said that it
 * doesn't promise. Thread-safe.
 */
public final class Protocol {
    private static final String DOCUMENT = "https://natter.dev/asyncapi.json";
    private static final int SHOWN = 2_000;

    private final JsonNode document = load();
    private final Map<Pattern, JsonNode> events = events(document);
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemas(Map.of(DOCUMENT, closed(document).toString()))
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .formatAssertionsEnabled(true)
                            .build()));

    private static final class Holder {
        private static final Protocol INSTANCE = new Protocol();
    }

    private Protocol() {}

    /**
     * The contract of this source tree.
     *
     * @return it, read once
     */
    public static Protocol natter() {
        return Holder.INSTANCE;
    }

    /**
     * The document itself, its objects as open as they are for everybody else.
     *
     * @return not to be changed
     */
    public JsonNode document() {
        return document;
    }

    /**
     * Holds a frame against what clients may say.
     *
     * @param frame the frame
     * @throws AssertionError if it isn't that
     */
    public void fromClient(JsonNode frame) {
        frame("client", frame);
    }

    /**
     * Holds a frame that goes as text against what clients may say.
     *
     * @param text the frame
     * @throws AssertionError if it isn't that
     */
    public void fromClient(String text) {
        fromClient(read(text));
    }

    /**
     * Holds a frame against what clients are told.
     *
     * @param frame the frame
     * @throws AssertionError if it isn't that
     */
    public void fromServer(JsonNode frame) {
        frame("server", frame);
        if (!frame.propertyNames().iterator().next().equals("type")) {
            throw new AssertionError("A frame must begin with its type: " + shown(frame));
        }
    }

    /**
     * Holds a frame that came as text against what clients are told.
     *
     * @param text the frame
     * @throws AssertionError if it isn't that
     */
    public void fromServer(String text) {
        fromServer(read(text));
    }

    /**
     * Holds an event against what is promised of its subject.
     *
     * @param subject where it was published
     * @param payload the event
     * @throws AssertionError if it isn't that
     */
    public void event(String subject, byte[] payload) {
        JsonNode promised = events.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(subject).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("contracts/asyncapi.yaml knows no subject like " + subject));
        if (promised.has("event.dead_letter") || promised.has("event.envelope")) {
            return;
        }
        JsonNode event = read(new String(payload, StandardCharsets.UTF_8));
        String name = "event." + event.path("type").asString("");
        if (!promised.has(name)) {
            throw new AssertionError(
                    "contracts/asyncapi.yaml knows no " + name + " on " + subject + ": " + shown(event));
        }
        conforms(name, event, " on " + subject);
    }

    /**
     * Holds anything against a message of the contract.
     *
     * @param message as in {@code server.hello}
     * @param value the value
     * @throws AssertionError if it isn't that
     */
    public void conforms(String message, JsonNode value) {
        conforms(message, value, "");
    }

    private void frame(String side, JsonNode frame) {
        String type = frame.path("type").asString("");
        if (document.at("/channels/socket/messages/" + side + "." + type).isMissingNode()) {
            throw new AssertionError("contracts/asyncapi.yaml knows no " + side + "." + type + ": " + shown(frame));
        }
        conforms(side + "." + type, frame, "");
    }

    private void conforms(String message, JsonNode value, String where) {
        Schema schema = schemas.computeIfAbsent(
                message,
                name -> registry.getSchema(SchemaLocation.of(DOCUMENT + "#/components/messages/" + name + "/payload")));
        List<Error> errors = schema.validate(value);
        if (!errors.isEmpty()) {
            throw new AssertionError(errors.stream()
                    .map(error -> "\n  " + error)
                    .collect(Collectors.joining(
                            "",
                            "Not what contracts/asyncapi.yaml says of " + message + where + ":",
                            "\n  " + shown(value))));
        }
    }

    private static JsonNode read(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JacksonException broken) {
            throw new AssertionError("Not JSON: " + text.substring(0, Math.min(SHOWN, text.length())), broken);
        }
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    private static JsonNode load() {
        try (var yaml = Protocol.class.getResourceAsStream("/dev/natter/contracts/asyncapi.yaml")) {
            return new YAMLMapper().readTree(yaml);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Map<Pattern, JsonNode> events(JsonNode document) {
        Map<Pattern, JsonNode> events = new LinkedHashMap<>();
        for (var channel : document.get("channels").properties()) {
            String address = channel.getValue().get("address").asString();
            if (address.startsWith("natter.")) {
                events.put(
                        Pattern.compile(address.replace(".", "\\.").replaceAll("\\{\\w+}", "[^.]+")),
                        channel.getValue().get("messages"));
            }
        }
        return events;
    }

    private static JsonNode closed(JsonNode document) {
        JsonNode copy = document.deepCopy();
        close(copy.at("/components/schemas"));
        copy.at("/components/messages").forEach(message -> close(message.get("payload")));
        return copy;
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(Protocol::close);
    }
}
