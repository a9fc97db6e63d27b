package dev.natter.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of media-service. Each appears whole, under an id that never means anything else, and is never changed: so
 * a copy is made file by file, and what is there already needs no second look.
 *
 * @param root what media-service has as {@code media.root}
 */
record Tree(Path root) {
    private static final List<String> FOLDERS = List.of("media/messages", "media/avatars");

    /**
     * How much there is.
     *
     * @param count files
     * @param bytes their bytes
     */
    record Size(long count, long bytes) {}

    /** Copies what the other tree hasn't got. What is deleted meanwhile is passed by. */
    void copyTo(Tree other) throws IOException {
        for (String folder : FOLDERS) {
            Path target = Files.createDirectories(other.root.resolve(folder));
            try (Stream<Path> files = files(folder)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    copy(file, target.resolve(file.getFileName().toString()));
                }
            }
        }
    }

    private Stream<Path> files(String folder) throws IOException {
        Path path = root.resolve(folder);
        return Files.isDirectory(path) ? Files.list(path) : Stream.empty();
    }

    private static void copy(Path file, Path target) throws IOException {
        if (Files.exists(target)) {
            return;
        }
        Path unfinished = target.resolveSibling("." + target.getFileName() + ".unfinished");
        try {
            Files.copy(file, unfinished, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException deletedMeanwhile) {
            Files.deleteIfExists(unfinished);
        }
    }

    Size size() throws IOException {
        long count = 0;
        long bytes = 0;
        for (String folder : FOLDERS) {
            try (Stream<Path> files = files(folder)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    count++;
                    bytes += Files.size(file);
                }
            }
        }
        return new Size(count, bytes);
    }
}
