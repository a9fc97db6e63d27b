package dev.natter.contracts;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The golden samples: what has once been on the wire stays readable, and is written the same again. */
class SamplesTest {
    private static final Path SAMPLES = Path.of("samples");

    private static final Map<String, Class<?>> EVENTS = Map.ofEntries(
            Map.entry("new_message", MessageEvent.class),
            Map.entry("message_updated", MessageEvent.class),
            Map.entry("message_deleted", MessageEvent.class),
            Map.entry("chat_created", ChatEvent.class),
            Map.entry("chat_updated", ChatEvent.class),
            Map.entry("chat_deleted", ChatEvent.class),
            Map.entry("member_added", ChatEvent.class),
            Map.entry("member_updated", ChatEvent.class),
            Map.entry("member_removed", ChatEvent.class),
            Map.entry("user_registered", UserEvent.class),
            Map.entry("user_updated", UserEvent.class),
            Map.entry("session_ended", UserEvent.class),
            Map.entry("files_attached", FileEvent.class),
            Map.entry("avatar_set", FileEvent.class),
            Map.entry("typing", LiveEvent.class),
            Map.entry("message_read", LiveEvent.class),
            Map.entry("unread", LiveEvent.class),
            Map.entry("chat_activity", LiveEvent.class),
            Map.entry("attendance", PresenceEvent.class),
            Map.entry("attendance_asked", PresenceEvent.class),
            Map.entry("attendance_answered", PresenceEvent.class));

    private static final Map<String, Class<?>> OTHERS = Map.ofEntries(
            Map.entry("message", Message.class),
            Map.entry("chat", Chat.class),
            Map.entry("user", User.class),
            Map.entry("file", FileInfo.class),
            Map.entry("known_users", Internal.UserIds.class),
            Map.entry("session_ids", Internal.SessionIds.class),
            Map.entry("membership", Internal.Membership.class),
            Map.entry("dataset", Internal.Dataset.class),
            Map.entry("tombstone", Chat.Tombstone.class),
            Map.entry("seats", Internal.Seats.class),
            Map.entry("heads", Internal.Heads.class),
            Map.entry("chat_ids", Internal.ChatIds.class),
            Map.entry("circles_query", Internal.CirclesQuery.class),
            Map.entry("circles", Internal.Circles.class),
            Map.entry("boxes", Internal.Boxes.class),
            Map.entry("box", Internal.Box.class),
            Map.entry("ticket", Internal.Ticket.class),
            Map.entry("ticket_holder", Internal.TicketHolder.class),
            Map.entry("message_sent", Internal.MessageSent.class),
            Map.entry("mark", Internal.Mark.class),
            Map.entry("standing", Internal.Standing.class),
            Map.entry("changes", Internal.Changes.class),
            Map.entry("states_query", Internal.StatesQuery.class),
            Map.entry("states", Internal.States.class),
            // Passed on to clients as they are, or in a form that is a standard (RFC 7517).
            Map.entry("limits_auth", JsonNode.class),
            Map.entry("limits_chat", JsonNode.class),
            Map.entry("limits_message", JsonNode.class),
            Map.entry("limits_media", JsonNode.class),
            Map.entry("jwks", JsonNode.class));

    static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    static Stream<String> events() {
        return EVENTS.keySet().stream().sorted();
    }

    static Stream<String> all() {
        return Stream.concat(EVENTS.keySet().stream(), OTHERS.keySet().stream()).sorted();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aSampleIsReadAndWrittenTheSameAgain(String name) throws IOException {
        JsonNode sample = sample(name);

        Object read = JSON.treeToValue(sample, type(name));

        assertThat(JSON.writerFor(type(name)).writeValueAsString(read)).isEqualTo(sample.toString());
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventIsNamedByItsTypeAndIsNeverUnknown(String name) throws IOException {
        ObjectNode sample = sample(name);

        Object read = JSON.treeToValue(sample, EVENTS.get(name));

        assertThat(sample.propertyNames()).startsWith("type");
        assertThat(sample.get("type").asString()).isEqualTo(name);
        assertThat(read.getClass().getSimpleName()).isNotEqualTo("Unknown");
    }

    @ParameterizedTest
    @MethodSource("all")
    void aFieldThatIsNotKnownYetIsIgnored(String name) throws IOException {
        ObjectNode sample = sample(name);
        Object known = JSON.treeToValue(sample, type(name));

        sample.putObject("from_the_future").put("deep", 1);

        assertThat((Object) JSON.treeToValue(sample, type(name))).isEqualTo(known);
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventOfATypeThatIsNotKnownYetIsUnknown(String name) throws IOException {
        ObjectNode sample = sample(name);

        sample.put("type", "from_the_future");

        assertThat(JSON.treeToValue(sample, EVENTS.get(name)).getClass().getSimpleName())
                .isEqualTo("Unknown");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                MessageEvent.class,
                ChatEvent.class,
                UserEvent.class,
                FileEvent.class,
                LiveEvent.class,
                PresenceEvent.class
            })
    void everyKindOfEventHasASample(Class<?> context) throws IOException {
        var sampled = new HashSet<Class<?>>();
        for (var sample : EVENTS.entrySet()) {
            sampled.add(
                    JSON.treeToValue(sample(sample.getKey()), sample.getValue()).getClass());
        }

        assertThat(Stream.of(context.getPermittedSubclasses())
                        .filter(kind -> !kind.getSimpleName().equals("Unknown")))
                .isNotEmpty()
                .allMatch(sampled::contains);
    }

    @Test
    void everySampleIsRead() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", ""))
                            .collect(toSet()))
                    .isEqualTo(all().collect(toSet()));
        }
    }

    static Class<?> type(String name) {
        return EVENTS.containsKey(name) ? EVENTS.get(name) : OTHERS.get(name);
    }

    private static ObjectNode sample(String name) throws IOException {
        return (ObjectNode) JSON.readTree(Files.readAllBytes(SAMPLES.resolve(name + ".json")));
    }
}
