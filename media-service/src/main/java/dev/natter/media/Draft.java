package dev.natter.media;

import dev.natter.platform.token.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Bytes on their way to the store: counted and digested while they are written, gone when closed unless they were kept.
 * A disk that fails is the service's trouble and not the client's, so writing throws what the client is to hear. Not
 * thread-safe.
 */
final class Draft extends OutputStream {
    private static final System.Logger LOG = System.getLogger(Draft.class.getName());

    private final Path path;
    private final FileChannel channel;
    private final MessageDigest digest = Sha256.begin();
    private long size;
    private String sha256;

    Draft(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    String sha256() {
        return sha256;
    }

    @Override
    public void write(int single) {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        write(ByteBuffer.wrap(bytes, offset, length));
    }

    void write(ByteBuffer bytes) {
        digest.update(bytes.duplicate());
        size += bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException failure) {
            throw Problems.storage(failure);
        }
    }

    /** Ends the writing; from now on {@link #sha256} is known. */
    Draft finish() {
        sha256 = HexFormat.of().formatHex(digest.digest());
        return this;
    }

    /** Makes sure that the bytes survive a crash. */
    void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "Can't delete a draft: " + failure);
        }
    }
}
