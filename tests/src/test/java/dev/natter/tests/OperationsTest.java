package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.natter.auth.AuthService;
import dev.natter.chat.ChatService;
import dev.natter.media.MediaService;
import dev.natter.message.MessageService;
import dev.natter.platform.run.Settings;
import dev.natter.realtime.RealtimeService;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds what is written for those who run Natter against the code. */
class OperationsTest {
    private static final Path ROOT = Path.of("..");
    private static final List<String> MODULES =
            List.of("platform", "auth-service", "chat-service", "message-service", "media-service", "realtime-gateway");
    private static final List<Class<?>> SERVICES = List.of(
            AuthService.class, ChatService.class, MessageService.class, MediaService.class, RealtimeService.class);

    @Test
    void everySettingThatIsReadIsTold() throws IOException {
        Set<String> told = found("`([a-z]+(?:\\.[a-z]+)*)`", List.of(ROOT.resolve("docs/operations.md")));
        for (Class<?> service : SERVICES) {
            Settings.load(service, Map.of())
                    .traverse()
                    .forEach(setting -> told.add(setting.key().toString()));
        }

        assertThat(found("(?:\\.get\\(|\\(config, )\"([a-z]+(?:\\.[a-z]+)+)\"", sources()))
                .hasSizeGreaterThan(50)
                .allMatch(read -> told.stream().anyMatch(key -> key.equals(read) || key.endsWith("." + read)));
    }

    /** What a service shares with all others is told in one place, and in its README only where it differs. */
    @ParameterizedTest
    @MethodSource("services")
    void theReadmeTellsEachSettingOfAServiceWithItsDefault(String module, Class<?> service) throws IOException {
        Map<String, String> shared = defaults(ROOT.resolve("docs/operations.md"), "Settings that every service has");
        Map<String, String> own = new TreeMap<>();
        try (InputStream yaml = service.getResourceAsStream("application.yaml")) {
            Config.just(ConfigSources.create(yaml, MediaTypes.APPLICATION_X_YAML))
                    .traverse()
                    .filter(Config::isLeaf)
                    .forEach(setting ->
                            own.put(setting.key().toString(), setting.asString().get()));
        }
        own.entrySet().removeAll(shared.entrySet());

        assertThat(defaults(ROOT.resolve(module).resolve("README.md"), "Settings"))
                .isNotEmpty()
                .isEqualTo(own);
    }

    static Stream<Arguments> services() {
        return SERVICES.stream().map(service -> arguments(module(service), service));
    }

    private static String module(Class<?> service) {
        String name = service.getPackageName().substring("dev.natter.".length());
        return MODULES.stream()
                .filter(module -> module.startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    /** The settings and defaults of the table in a chapter of a document. */
    private static Map<String, String> defaults(Path document, String chapter) throws IOException {
        String text =
                Files.readString(document).split("(?m)^## " + chapter + "$")[1].split("(?m)^## ")[0];
        Map<String, String> defaults = new TreeMap<>();
        Pattern.compile("(?m)^\\| (`[a-z.]+`(?:, `[a-z.]+`)*) \\| ([^|]*) \\|")
                .matcher(text)
                .results()
                .forEach(row -> {
                    String[] keys = row.group(1).replace("`", "").split(", ");
                    String[] values = row.group(2).split(", ");
                    for (int i = 0; i < keys.length; i++) {
                        defaults.put(keys[i], values[Math.min(i, values.length - 1)]);
                    }
                });
        return defaults;
    }

    @Test
    void everyMeterIsTold() throws IOException {
        List<Path> documents = Stream.concat(
                        Stream.of("docs/operations.md"), MODULES.stream().map(module -> module + "/README.md"))
                .map(ROOT::resolve)
                .filter(Files::exists)
                .toList();
        Set<String> told = found("`(natter_[a-z_]+)", documents);

        Set<String> made = found("\\(\\s*\"(natter(?:\\.[a-z]+)+)\"[,)]", sources());

        assertThat(made)
                .hasSizeGreaterThan(10)
                .allMatch(meter -> told.stream()
                        .anyMatch(name -> name.replaceAll("_(total|seconds)$", "")
                                .equals(meter.replace('.', '_').replaceAll("_seconds$", ""))));
    }

    private static Set<String> found(String pattern, List<Path> files) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : files) {
            Pattern.compile(pattern).matcher(Files.readString(file)).results().forEach(hit -> found.add(hit.group(1)));
        }
        return found;
    }

    /** Only the modules' own folders: what the arrangements write beside them changes while it is looked at. */
    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }
}
