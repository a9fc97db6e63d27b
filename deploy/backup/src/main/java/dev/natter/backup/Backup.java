package dev.natter.backup;

import dev.natter.platform.http.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * A backup of an installation that goes on meanwhile.
 *
 * <p>Files are copied before the moment and after it: before, so that one whose message is deleted while the copying
 * takes its time isn't missed; after, for those that came in between. What no row of the backup knows media-service
 * sweeps away after a restore.
 *
 * @param folder where it is
 */
public record Backup(Path folder) {
    /**
     * Takes one.
     *
     * @param installation what of
     * @param folder where to; doesn't exist yet, and appears when the backup is whole
     * @return the backup
     * @throws BackupFailure if it can't be taken; what is there of it then is beside the folder, called
     *     {@code .unfinished}
     */
    public static Backup take(Installation installation, Path folder) {
        Path unfinished = folder.resolveSibling(folder.getFileName() + ".unfinished");
        try {
            if (Files.exists(folder)) {
                throw new BackupFailure(folder + " is there already; a backup is never written over");
            }
            Files.createDirectories(folder.toAbsolutePath().getParent());
            Files.createDirectory(unfinished);
            new Backup(unfinished).write(installation);
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            return new Backup(folder);
        } catch (FileAlreadyExistsException another) {
            throw new BackupFailure(
                    "Another backup is being written to " + unfinished + ", or was; delete it", another);
        } catch (IOException failure) {
            throw new BackupFailure("The backup can't be written: " + failure, failure);
        } catch (SQLException failure) {
            throw new BackupFailure("PostgreSQL: " + failure.getMessage(), failure);
        }
    }

    private void write(Installation installation) throws IOException, SQLException {
        Tree files = new Tree(installation.media());
        files.copyTo(files());
        Map<String, Manifest.Stored> databases = new TreeMap<>();
        Manifest manifest;
        try (Moment moment = Moment.of(installation)) {
            for (Store store : Store.values()) {
                databases.put(store.key(), write(store, moment.in(store)));
            }
            files.copyTo(files());
            manifest = new Manifest(Manifest.FORMAT, moment.at(), databases, files().size());
        }
        Files.write(folder.resolve(Manifest.FILE), Json.bytes(manifest));
    }

    private Manifest.Stored write(Store store, Connection connection) throws IOException, SQLException {
        Files.createDirectories(folder.resolve("databases").resolve(store.key()));
        List<Manifest.Rows> tables = new ArrayList<>();
        for (Table table : Table.of(connection)) {
            var rows = new Manifest.Rows(table.name(), table.columns(), 0, "");
            try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(folder.resolve(rows.file(store))));
                    DigestOutputStream hashed = new DigestOutputStream(file, Hash.begin())) {
                GZIPOutputStream packed = new GZIPOutputStream(hashed, 1 << 16);
                long written = table.write(connection, packed);
                packed.finish();
                tables.add(
                        new Manifest.Rows(table.name(), table.columns(), written, Hash.hex(hashed.getMessageDigest())));
            }
        }
        return new Manifest.Stored(Table.migrations(connection), tables);
    }

    /** The files in it. */
    Tree files() {
        return new Tree(folder.resolve("files"));
    }

    /** What it holds. */
    Manifest manifest() throws IOException {
        Path file = folder.resolve(Manifest.FILE);
        if (!Files.isRegularFile(file)) {
            throw new BackupFailure(folder + " holds no backup: there is no " + Manifest.FILE + " in it");
        }
        Manifest manifest = Json.parse(Files.readAllBytes(file), Manifest.class);
        if (manifest.format() != Manifest.FORMAT) {
            throw new BackupFailure(folder + " was written by a later Natter; use that one");
        }
        return manifest;
    }
}
