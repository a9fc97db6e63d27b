package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.auth.AuthService;
import dev.natter.chat.ChatService;
import dev.natter.media.MediaService;
import dev.natter.message.MessageService;
import dev.natter.platform.run.Settings;
import dev.natter.realtime.RealtimeService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
