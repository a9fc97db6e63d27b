package dev.natter.media;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Bytes on a disk, each under a key such as {@code media/messages/<id>}. Keys are made here from ids, never from what a
 * client sent. Bytes are written once, as a {@link Draft}, and appear under their key whole and flushed, or not at all.
 *
 * <p>A store of another kind needs the same five verbs: draft, keep, open, delete, list. Thread-safe.
 */
final class DiskStore {
    static final String MESSAGES = "media/messages/";
    static final String AVATARS = "media/avatars/";
    private static final String DRAFTS = "media/drafts/";
    private static final System.Logger LOG = System.getLogger(DiskStore.class.getName());

    private final Path root;
    private final long reserve;

    DiskStore(Path root, long reserve) {
        this.root = root.toAbsolutePath().normalize();
        this.reserve = reserve;
    }

    static String file(UUID id) {
        return MESSAGES + id;
    }

    static String thumbnail(UUID id) {
        return MESSAGES + id + ".thumbnail";
    }

    static String avatar(UUID id) {
        return AVATARS + id;
    }

    /** Begins new bytes. */
    Draft draft() {
        try {
            Path folder = Files.createDirectories(root.resolve(DRAFTS));
            if (Files.getFileStore(folder).getUsableSpace() < reserve) {
                LOG.log(Level.WARNING, "Uploads are refused: less than " + reserve + " bytes are free");
                throw Problems.full();
            }
            return new Draft(folder.resolve(UUID.randomUUID().toString()));
        } catch (IOException failure) {
            throw Problems.storage(failure);
        }
    }

    /** Puts a finished draft under its key, for good. */
    void keep(Draft draft, String key) {
        try {
            draft.force();
            Path target = root.resolve(key);
            Files.createDirectories(target.getParent());
            // Its age counts from now: a slow upload must not look like bytes that nobody came back for.
            Files.setLastModifiedTime(draft.path(), FileTime.from(Instant.now()));
            Files.move(draft.path(), target, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException failure) {
            throw Problems.storage(failure);
        }
    }

    Optional<FileChannel> open(String key) throws IOException {
        try {
            return Optional.of(FileChannel.open(root.resolve(key), StandardOpenOption.READ));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** Deletes; what can't be deleted now is an orphan, which the sweeper will find. */
    void delete(String key) {
        try {
            Files.deleteIfExists(root.resolve(key));
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "Can't delete " + key + ": " + failure);
        }
    }

    /**
     * Lists names under a prefix that haven't been touched lately, in portions.
     *
     * @param prefix as in {@link #MESSAGES}
     * @param before what was touched after this is left out
     * @param portion most names at a time
     * @param consumer gets names without the prefix
     */
    void list(String prefix, Instant before, int portion, Consumer<List<String>> consumer) throws IOException {
        Path folder = root.resolve(prefix);
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                if (isOlder(path, before)) {
                    names.add(path.getFileName().toString());
                }
                if (names.size() == portion) {
                    consumer.accept(names);
                    names = new ArrayList<>();
                }
            }
        }
        if (!names.isEmpty()) {
            consumer.accept(names);
        }
    }

    /** Deletes drafts whose writer is long gone. */
    void sweepDrafts(Instant before) throws IOException {
        list(DRAFTS, before, 100, names -> names.forEach(name -> delete(DRAFTS + name)));
    }

    private static boolean isOlder(Path path, Instant before) throws IOException {
        try {
            return Files.getLastModifiedTime(path).toInstant().isBefore(before);
        } catch (NoSuchFileException goneMeanwhile) {
            return false;
        }
    }
}
