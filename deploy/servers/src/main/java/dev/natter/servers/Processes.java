package dev.natter.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What can be done to processes of the system. */
final class Processes {
    /** How long a process may take to stop. */
    static final Duration STOP = Duration.ofSeconds(10);

    private Processes() {}

    /** Runs a command to its end. */
    static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
            if (process.waitFor() != 0) {
                throw new ServerFailure(command + " failed:\n" + output);
            }
        } catch (IOException failure) {
            throw new ServerFailure(command.getFirst() + " can't be run: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ServerFailure("Interrupted while running " + command, interrupted);
        }
    }

    /** Stops a process cleanly, or hard if it takes too long. */
    static void end(ProcessHandle victim, String signal) {
        signal(victim.pid(), signal);
        if (!await(victim, STOP)) {
            victim.destroyForcibly();
            await(victim, STOP);
        }
    }

    /** Sends a signal; the shell's own {@code kill} is there on every system. */
    static void signal(long pid, String signal) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static boolean await(ProcessHandle victim, Duration patience) {
        try {
            victim.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException late) {
            return !victim.isAlive();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return !victim.isAlive();
        }
    }
}
