package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
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
        for (String record : internal(ROOT.resolve(service).resolve("src/main"))) {
            String name = record.replaceAll("(?<=[a-z])([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            if (!PARTS.contains(name)) {
                between.add(NAMES.getOrDefault(name, name));
            }
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

    /** The records of {@code Internal} that a service's code names. */
    private static Set<String> internal(Path sources) throws IOException {
        Set<String> records = new TreeSet<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                Pattern.compile("\\bInternal\\.([A-Z]\\w+)")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(found -> records.add(found.group(1)));
            }
        }
        return records;
    }
}
