package dev.natter.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A folder that belongs to one server of one JVM, by a file lock: the system drops it when the JVM ends, however it
 * ends, and a child doesn't inherit it. Whoever holds the lock may therefore stop what an earlier JVM left running.
 */
record Home(Path path, boolean temporary, FileChannel channel, FileLock lock) implements AutoCloseable {
    private static final String LOCK = "natter.lock";
    private static final Duration YOUNG = Duration.ofMinutes(2);

    /** POSIX drops all of a process's locks on a file as soon as it closes any channel to it: never open it twice. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    /** Takes a folder, made if need be. */
    static Home take(Path path, String owner) {
        Home home = tryTake(real(path), false);
        if (home == null) {
            throw new ServerFailure("Another Natter is already running " + owner + " on " + path.toAbsolutePath());
        }
        return home;
    }

    /** Two names of one folder are one folder. */
    private static Path real(Path path) {
        try {
            return Files.createDirectories(path.toAbsolutePath().normalize()).toRealPath();
        } catch (IOException failure) {
            throw new ServerFailure("Can't write to " + path + ": " + failure.getMessage(), failure);
        }
    }

    /** Takes a new temporary folder and cleans away what killed JVMs left behind. */
    static Home temporary(String prefix, Consumer<Home> stopOrphan) {
        try {
            Path parent = Path.of(System.getProperty("java.io.tmpdir"));
            Home home = tryTake(Files.createTempDirectory(parent, prefix), true);
            for (Path left : leftovers(parent, prefix)) {
                Home orphaned = tryTake(left, true);
                if (orphaned != null) {
                    stopOrphan.accept(orphaned);
                    orphaned.close();
                }
            }
            return home;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<Path> leftovers(Path parent, String prefix) throws IOException {
        Instant young = Instant.now().minus(YOUNG);
        try (Stream<Path> siblings = Files.list(parent)) {
            return siblings.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .filter(path -> Files.exists(path.resolve(LOCK)))
                    .filter(path -> path.toFile().lastModified() < young.toEpochMilli())
                    .toList();
        }
    }

    private static Home tryTake(Path path, boolean temporary) {
        if (!HELD.add(path)) {
            return null;
        }
        Home home = null;
        try {
            Files.createDirectories(path);
            home = lock(path, temporary);
            return home;
        } catch (IOException failure) {
            throw new ServerFailure("Can't write to " + path + ": " + failure.getMessage(), failure);
        } finally {
            if (home == null) {
                HELD.remove(path);
            }
        }
    }

    private static Home lock(Path path, boolean temporary) throws IOException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return null;
        }
        return new Home(path, temporary, channel, lock);
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            if (temporary) {
                delete(path);
            }
            channel.close();
            HELD.remove(path);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
