package dev.natter.local;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/** What nobody else may know: drawn at the first start, kept in a file that only its owner reads. Not thread-safe. */
final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;
    private final Properties kept = new Properties();

    private Secrets(Path file) {
        this.file = file;
    }

    static Secrets in(Path home) {
        Secrets secrets = new Secrets(home.resolve("secrets.properties"));
        try {
            if (Files.exists(secrets.file)) {
                secrets.kept.load(new StringReader(Files.readString(secrets.file)));
            }
            return secrets;
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new StartFailure("Can't read " + secrets.file + ": " + unreadable.getMessage(), unreadable);
        }
    }

    /** A secret by its name: 32 random bytes in hex digits, the same at every start. */
    String get(String name) {
        String secret = kept.getProperty(name);
        if (secret == null) {
            byte[] bytes = new byte[32];
            RANDOM.nextBytes(bytes);
            secret = HexFormat.of().formatHex(bytes);
            kept.setProperty(name, secret);
            save();
        }
        return secret;
    }

    /** Whole or not at all: an installation that lost its secret has lost its sessions. */
    private void save() {
        StringBuilder text =
                new StringBuilder("# Made by Natter at its first start. Who has this file has everything.\n");
        kept.stringPropertyNames().stream()
                .sorted()
                .forEach(name -> text.append(name)
                        .append('=')
                        .append(kept.getProperty(name))
                        .append('\n'));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new StartFailure("Can't keep secrets in " + file + ": " + failure.getMessage(), failure);
        }
    }

    @Override
    public String toString() {
        return "Secrets[" + file + "]";
    }
}
