package dev.natter.faults;

import dev.natter.local.Alone;
import dev.natter.servers.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A process of ours with its own ways to NATS and PostgreSQL.
 *
 * @param name as in {@code message-service}
 * @param child the process
 * @param nats its way to NATS
 * @param database its way to PostgreSQL, or null
 * @param open its public listener
 * @param internal its internal listener
 */
record Unit(String name, Child child, Link nats, Link database, URI open, URI internal) implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);

    void start() {
        child.start(START, 3);
        child.keep();
    }

    boolean ready() {
        return child.alive() && Alone.ready(internal);
    }

    /** Writes down what all its threads are doing, virtual ones included. */
    void dump(Path folder) {
        Path file = folder.resolve(name + ".threads");
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            new ProcessBuilder(jcmd, "" + child.pid(), "Thread.dump_to_file", "-overwrite", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        child.close();
        nats.close();
        if (database != null) {
            database.close();
        }
    }
}
