package dev.natter.realtime;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.MessageEvent;
import dev.natter.testing.Protocol;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Holds the frames and {@code asyncapi.yaml} against each other. */
class FramesTest {
    private final JsonNode contract = Protocol.natter().document();

    @Test
    void everyFrameOfTheGatewaysOwnHasExactlyTheFieldsOfTheContract() {
        for (Class<?> frame : ServerFrame.class.getPermittedSubclasses()) {
            String type = frame.getAnnotation(JsonTypeName.class).value();
            JsonNode schema = contract.at("/components/messages/server." + type + "/payload");

            assertThat(names(schema.path("properties"))).as(type).isEqualTo(fields(frame, true));
            assertThat(texts(schema.path("required"))).as(type).isEqualTo(fields(frame, false));
        }
        JsonNode limits = contract.at("/components/schemas/SocketLimits");
        Set<String> told = fields(ServerFrame.Limits.class, true);
        told.remove("type");
        assertThat(names(limits.path("properties"))).isEqualTo(told);
        assertThat(texts(limits.path("required"))).isEqualTo(told);
    }

    @Test
    void theGatewayTellsWhatTheContractKnowsAndNothingElse() {
        Set<String> told = Stream.concat(
                        Arrays.stream(ServerFrame.class.getPermittedSubclasses())
                                .map(frame ->
                                        frame.getAnnotation(JsonTypeName.class).value()),
                        Stream.of(MessageEvent.class, ChatEvent.class, LiveEvent.class)
                                .flatMap(events -> Arrays.stream(events.getAnnotation(JsonSubTypes.class)
                                                .value())
                                        .map(JsonSubTypes.Type::name)))
                .collect(toCollection(TreeSet::new));

        assertThat(messages("server")).isEqualTo(told);
    }

    @Test
    void theGatewayUnderstandsWhatTheContractKnowsAndNothingElse() {
        Set<String> understood = Arrays.stream(ClientFrame.class.getPermittedSubclasses())
                .map(frame -> snake(frame.getSimpleName()))
                .collect(toCollection(TreeSet::new));

        assertThat(messages("client")).isEqualTo(understood);
        for (String type : understood) {
            JsonNode example = contract.at("/components/messages/client." + type + "/examples/0/payload");
            assertThat(snake(ClientFrame.of(example).getClass().getSimpleName()))
                    .isEqualTo(type);
        }
    }

    @Test
    void everyCloseCodeIsExplainedAndNoneIsPromisedThatNobodySends() {
        Set<Integer> explained = new TreeSet<>();
        contract.at("/info/description")
                .asString()
                .lines()
                .filter(line -> line.matches("\\| \\d{4}.*"))
                .forEach(line -> Pattern.compile("\\d{4}")
                        .matcher(line.substring(0, line.indexOf('|', 1)))
                        .results()
                        .forEach(code -> explained.add(Integer.parseInt(code.group()))));

        Set<Integer> sent =
                Arrays.stream(CloseCode.values()).map(CloseCode::code).collect(toCollection(TreeSet::new));
        assertThat(explained).isEqualTo(sent);
    }

    private Set<String> messages(String side) {
        return names(contract.at("/channels/socket/messages")).stream()
                .filter(name -> name.startsWith(side + "."))
                .map(name -> name.substring(side.length() + 1))
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> fields(Class<?> frame, boolean optionalToo) {
        Set<String> fields = Arrays.stream(frame.getRecordComponents())
                .filter(component -> optionalToo || !isOptional(component))
                .map(component -> snake(component.getName()))
                .collect(toCollection(TreeSet::new));
        fields.add("type");
        return fields;
    }

    private static boolean isOptional(RecordComponent component) {
        return component.getAccessor().isAnnotationPresent(JsonInclude.class);
    }

    private static Set<String> names(JsonNode object) {
        return new TreeSet<>(object.propertyNames());
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(text -> texts.add(text.asString()));
        return texts;
    }

    private static String snake(String name) {
        return name.replaceAll("(?<=.)([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
