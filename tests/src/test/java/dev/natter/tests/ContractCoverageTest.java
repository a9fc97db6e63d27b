package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a service reads of another, asks of it or answers is tried against its golden sample, in the service's own
 * {@code ContractServiceTest}. What a service publishes needs no such test: every test that publishes is held against
 * {@code asyncapi.yaml}, as the samples are.
 */
class ContractCoverageTest {
    private static final Path ROOT = Path.of("..");

    /** Samples whose names aren't those of their records. */
    private static final Map<String, String> NAMES = Map.of("user_ids", "known_users");

    /** Records inside of others' samples. */
    private static final Set<String> PARTS = Set.of("seat", "head", "circle", "box_entry", "state");

    private static final Map<String, Set<String>> HEARD = Map.of(
            "auth-service", Set.of("avatar_set"),
            "chat-service", Set.of("new_message", "message_updated", "message_deleted"),
            "message-service",
                    Set.of(
                            "chat_created",
                            "chat_updated",
                            "chat_deleted",
                            "member_added",
                            "member_updated",
                            "member_removed",
                            "files_attached"),
            "media-service", Set.of("message_deleted", "chat_deleted", "message"),
            "realtime-gateway",
                    Set.of(
                            "new_message",
                            "message_updated",
                            "message_deleted",
                            "chat_created",
                            "chat_updated",
                            "chat_deleted",
                            "member_added",
                            "member_updated",
                            "member_removed",
                            "session_ended",
                            "typing",
                            "message_read",
                            "unread",
                            "chat_activity"));

    @ParameterizedTest
    @ValueSource(strings = {"auth-service", "chat-service", "message-service", "media-service", "realtime-gateway"})
    void everythingBetweenServicesIsTriedAgainstItsSample(String service) throws IOException {
        Set<String> between = new TreeSet<>(HEARD.get(service));
        for (String record : internal(service)) {
            String name = record.replaceAll("(?<=[a-z])([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            if (!PARTS.contains(name)) {
                between.add(NAMES.getOrDefault(name, name));
            }
        }
        between.addAll(limits(service));
        if (service.equals("auth-service")) {
            between.add("jwks");
        }
        Path test;
        try (Stream<Path> files = Files.walk(ROOT.resolve(service).resolve("src/test"))) {
            test = files.filter(file -> file.endsWith("ContractServiceTest.java"))
                    .findFirst()
                    .orElseThrow();
        }

        assertThat(between).isNotEmpty().allSatisfy(sample -> {
            assertThat(ROOT.resolve("contracts/samples/" + sample + ".json")).exists();
            assertThat(Files.readString(test)).contains("\"" + sample);
        });
    }

    /** What goes by in bytes alone, as timelines do in the gateway, is not among what the code tells apart. */
    @ParameterizedTest
    @ValueSource(strings = {"auth-service", "message-service", "media-service", "realtime-gateway"})
    void everyEventThatAServiceTellsApartIsAmongThoseItHears(String service) throws Exception {
        Set<String> apart = new TreeSet<>();
        // A name that isn't "_": the others are passed by. What gateways tell each other is no contract of teams.
        var kind = Pattern.compile("(?:case|instanceof) ((?:Message|Chat|User|File|Live)Event)\\.(\\w+)(?: [a-z]|\\()");
        for (var found : kind.matcher(code(service)).results().toList()) {
            Class<?> context = Class.forName("dev.natter.contracts." + found.group(1));
            Stream.of(context.getAnnotation(JsonSubTypes.class).value())
                    .filter(type -> type.value().getSimpleName().equals(found.group(2)))
                    .forEach(type -> apart.add(type.name()));
        }

        assertThat(apart).isNotEmpty().isSubsetOf(HEARD.get(service));
    }

    /** The gateway asks all who tell limits. */
    private static Set<String> limits(String service) throws IOException {
        if (code(service).contains("internal.limits(")) {
            return Set.of("limits_" + service.replace("-service", ""));
        }
        assertThat(code(service)).contains("/internal/limits/");
        return Set.of("limits_auth", "limits_chat", "limits_message", "limits_media");
    }

    /** The records of {@code Internal} that a service's code names. */
    private static Set<String> internal(String service) throws IOException {
        return Pattern.compile("\\bInternal\\.([A-Z]\\w+)")
                .matcher(code(service))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String code(String service) throws IOException {
        StringBuilder code = new StringBuilder();
        try (Stream<Path> files = Files.walk(ROOT.resolve(service).resolve("src/main"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                code.append(Files.readString(file));
            }
        }
        return code.toString();
    }
}
