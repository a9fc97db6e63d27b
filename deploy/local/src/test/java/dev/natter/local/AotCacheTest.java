package dev.natter.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {
    /** Whoever doesn't find the cache good fails, instead of going on without. */
    private static final String STRICT = "-XX:AOTMode=on";

    @TempDir
    Path folder;

    private Path jar;
    private Path file;
    private AotCache cache;

    /** What the JVMs here run. */
    static final class Greeting {
        public static void main(String[] args) {
            System.out.println("Hello");
        }
    }

    @BeforeEach
    void pack() throws IOException {
        jar = folder.resolve("greeting.jar");
        file = folder.resolve("start.aot");
        cache = new AotCache(jar);
        String name = Greeting.class.getName().replace('.', '/') + ".class";
        try (InputStream code = Greeting.class.getClassLoader().getResourceAsStream(name);
                JarOutputStream packed = new JarOutputStream(Files.newOutputStream(jar))) {
            packed.putNextEntry(new JarEntry(name));
            code.transferTo(packed);
        }
    }

    @Test
    void whatOneJvmMakesTheNextUses() throws Exception {
        run(cache.make());

        assertThat(file).isNotEmptyFile();
        assertThat(run(with(cache.use(), STRICT))).isEqualTo("Hello\n");
    }

    @Test
    void withoutACacheAJvmStarts() throws Exception {
        assertThat(run(cache.use())).isEqualTo("Hello\n");
    }

    @Test
    void oneThatCouldNotBeMadeIsLeftAlone() throws Exception {
        Files.createFile(file);

        assertThat(run(with(cache.use(), STRICT))).isEqualTo("Hello\n");
    }

    @Test
    void aBrokenCacheIsNoReasonToFailOrToTalk() throws Exception {
        Files.write(file, new byte[100_000]);

        assertThat(run(with(cache.use(), STRICT))).isNotEqualTo("Hello\n");
        assertThat(run(cache.use())).isEqualTo("Hello\n");
    }

    @Test
    void norIsOneOfOtherSettings() throws Exception {
        run(with(cache.make(), "-XX:+UseCompactObjectHeaders"));

        assertThat(run(with(cache.use(), STRICT))).isNotEqualTo("Hello\n");
        assertThat(run(cache.use())).isEqualTo("Hello\n");
    }

    private static List<String> with(List<String> options, String more) {
        List<String> all = new ArrayList<>(options);
        all.add(more);
        return all;
    }

    /** What a JVM says with these options, on either stream. */
    private String run(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.addAll(options);
        command.addAll(List.of("-cp", jar.toString(), Greeting.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
