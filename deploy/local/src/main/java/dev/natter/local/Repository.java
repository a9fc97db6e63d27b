package dev.natter.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The tree that Natter was built in: the launcher runs from it. */
final class Repository {
    private static final Path MARK = Path.of("deploy", "nginx", "routes.conf");

    private Repository() {}

    /** Its root, as the script says, or found upwards from where this process runs. */
    static Path root() {
        String told = System.getProperty("natter.root");
        Path path = Path.of(told == null ? "" : told).toAbsolutePath();
        while (path != null && !Files.exists(path.resolve(MARK))) {
            path = path.getParent();
        }
        if (path == null) {
            throw new StartFailure("Run Natter inside of its repository; there is no " + MARK + " here.");
        }
        return path;
    }

    /** A service's jar; the libraries lie beside it. */
    static Path jar(Part part) {
        Path target = root().resolve(part.module()).resolve("target");
        String name = "natter-" + part.module() + "-";
        try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
            return files.filter(file -> file.getFileName().toString().matches(name + "[\\d.]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new StartFailure(part.module() + " isn't built; run `mvn package`."));
        } catch (IOException failure) {
            throw new StartFailure("Can't read " + target + ": " + failure.getMessage(), failure);
        }
    }
}
