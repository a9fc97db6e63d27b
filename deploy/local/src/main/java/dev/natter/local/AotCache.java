package dev.natter.local;

import java.nio.file.Path;
import java.util.List;

/**
 * What a JVM remembers of a rehearsed start: its classes, loaded and linked, and its profiles (JEP 483, 514, 515). It
 * lies beside the jar that starts. One that is missing, broken, or another JDK's changes nothing but the time that a
 * start takes.
 *
 * @param jar the jar, with its libraries beside it
 */
record AotCache(Path jar) {
    /** The script knows this name too. */
    private Path file() {
        return jar.resolveSibling("start.aot");
    }

    /** What a JVM is told, to start by it: without a word if it doesn't fit. */
    List<String> use() {
        // An empty one could not be made.
        return file().toFile().length() > 0
                ? List.of("-XX:AOTCache=" + file(), "-Xlog:aot=off", "-Xlog:cds=off")
                : List.of();
    }

    /** What a JVM is told, to make it when it ends. */
    List<String> make() {
        return List.of("-XX:AOTCacheOutput=" + file());
    }
}
