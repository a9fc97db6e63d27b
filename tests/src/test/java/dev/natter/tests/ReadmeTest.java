package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Runs the commands of README.md that are marked as tested, in order and in one shell, as a reader would paste them.
 */
@EachArrangement
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Pattern TESTED = Pattern.compile("<!-- tested -->\\s*```bash\\n(.*?)```", Pattern.DOTALL);

    private final World world;

    ReadmeTest(Arrangement arrangement) {
        this.world = arrangement.world();
    }

    @Test
    void theCommandsWorkWhenPasted() throws IOException, InterruptedException {
        List<String> blocks = new ArrayList<>();
        var found = TESTED.matcher(Files.readString(README));
        while (found.find()) {
            blocks.add(found.group(1));
        }
        assertThat(blocks).as("blocks of README.md marked <!-- tested -->").isNotEmpty();
        String script = "set -euo pipefail\n"
                + String.join("\n", blocks)
                        .replaceAll(
                                "(localhost|127\\.0\\.0\\.1):8000", world.base().getAuthority());
        Path folder = Files.createTempDirectory("natter-readme-");
        Path output = folder.resolve("output.log");

        var builder = new ProcessBuilder("bash", "-c", script);
        String jdk = Path.of(System.getProperty("java.home"), "bin").toString();
        builder.environment().merge("PATH", jdk, (path, ours) -> ours + ":" + path);
        Process shell = builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = shell.waitFor(60, TimeUnit.SECONDS);
        shell.destroyForcibly();

        assertThat(ended).as(() -> "ended: " + text(output)).isTrue();
        assertThat(shell.exitValue()).as(() -> text(output)).isZero();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
