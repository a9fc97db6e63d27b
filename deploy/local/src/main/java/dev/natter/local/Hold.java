package dev.natter.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The home folder, held by one launcher: a file lock, which the system drops however the launcher ends and which no
 * child inherits. Thread-safe.
 *
 * @param home the folder
 * @param channel of the file that is locked
 * @param lock the lock
 */
public record Hold(Path home, FileChannel channel, FileLock lock) implements AutoCloseable {
    /**
     * Takes a folder, and ends what a killed launcher left running in it.
     *
     * @param home the folder; made if need be
     * @return the hold
     * @throws StartFailure if another launcher holds it
     */
    public static Hold take(Path home) {
        Path file = home.resolve("launcher.lock");
        try {
            Files.createDirectories(home);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = lock(channel);
            if (lock == null) {
                String holder = Files.readString(file).trim();
                channel.close();
                throw new StartFailure("Natter is already running on " + home
                        + (holder.isEmpty() ? "" : " (process " + holder + ")")
                        + "; stop it, or choose another folder with --home or NATTER_HOME.");
            }
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0).write(ByteBuffer.wrap(pid));
            Hold hold = new Hold(home, channel, lock);
            hold.endOrphans();
            return hold;
        } catch (IOException failure) {
            throw new StartFailure("Can't write to " + home + ": " + failure, failure);
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException thisProcess) {
            return null;
        }
    }

    /**
     * What every service process of a home carries among its arguments; nginx has its folder there. Neither can be
     * mistaken for somebody else's, as a number in a file could.
     *
     * @param home the folder
     * @return the argument
     */
    public static String mark(Path home) {
        return "-Dnatter.child.of=" + home;
    }

    /**
     * Ends the service processes and nginx of a launcher that was killed. They would hold ports and connections; what
     * they have acknowledged is safe, as after any crash.
     */
    private void endOrphans() {
        Set<String> marks = Set.of(mark(home), Nginx.folder(home).toString());
        CompletableFuture<?>[] ends = ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> Arrays.stream(arguments).anyMatch(marks::contains))
                        .isPresent())
                .map(process -> {
                    process.destroyForcibly();
                    return process.onExit();
                })
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ends).join();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new StartFailure("Can't let go of " + home + ": " + failure.getMessage(), failure);
        }
    }
}
