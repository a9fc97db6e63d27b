package dev.natter.servers;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A server process that belongs to this JVM: started, watched, started again if it dies, and stopped before the JVM
 * ends. It has a session of its own, so that a Ctrl-C in the terminal reaches this JVM alone, which then stops its
 * children in an order that makes sense. Thread-safe.
 */
public final class Child implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Child.class.getName());
    private static final Duration RESTART = Duration.ofSeconds(90);
    private static final List<String> SESSION = session();

    /**
     * How to run a server.
     *
     * @param name what to call it
     * @param command its command line
     * @param log where its output goes
     * @param stopSignal the signal that makes it stop cleanly and soon
     * @param environment variables that it gets besides this JVM's
     * @param ready whether it serves
     */
    public record Recipe(
            String name,
            List<String> command,
            Path log,
            String stopSignal,
            Map<String, String> environment,
            BooleanSupplier ready) {
        Recipe(String name, List<String> command, Path log, String stopSignal, BooleanSupplier ready) {
            this(name, command, log, stopSignal, Map.of(), ready);
        }
    }

    private final Recipe recipe;
    private final Thread hook;
    private Process process;
    private volatile boolean wanted;
    private volatile boolean kept;

    /**
     * Starts nothing yet.
     *
     * @param recipe how to run it
     */
    public Child(Recipe recipe) {
        this.recipe = recipe;
        this.hook = new Thread(this::stop, "stop-" + recipe.name());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts the process, again and again if need be, and returns when it serves. */
    void start(Duration patience) {
        start(patience, Integer.MAX_VALUE);
    }

    /**
     * Starts the process and returns when it serves.
     *
     * @param patience how long that may take
     * @param tries how often it may end before it serves
     * @throws ServerFailure if it doesn't
     */
    public synchronized void start(Duration patience, int tries) {
        if (alive()) {
            return;
        }
        wanted = true;
        int left = tries;
        long deadline = System.nanoTime() + patience.toNanos();
        do {
            process = launch();
            while (wanted && process.isAlive() && System.nanoTime() < deadline) {
                if (recipe.ready().getAsBoolean()) {
                    watch(process);
                    return;
                }
                pause(5);
            }
            // What the last one left behind (a port, shared memory) may take a moment to go away.
            pause(200);
            left--;
        } while (wanted && left > 0 && System.nanoTime() < deadline);
        process.destroyForcibly();
        throw new ServerFailure(recipe.name() + " does not start; the end of " + recipe.log() + ":\n" + tail());
    }

    private Process launch() {
        try {
            Files.createDirectories(recipe.log().getParent());
            List<String> command = new ArrayList<>(SESSION);
            command.addAll(recipe.command());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(recipe.log().toFile()));
            builder.environment().putAll(recipe.environment());
            return builder.start();
        } catch (IOException failure) {
            throw new ServerFailure(recipe.name() + " can't be run: " + failure.getMessage(), failure);
        }
    }

    /** What gives a command its own session without changing its process id: util-linux has a tool, macOS has Perl. */
    private static List<String> session() {
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            return List.of("/usr/bin/setsid");
        }
        if (Files.isExecutable(Path.of("/usr/bin/perl"))) {
            return List.of("/usr/bin/perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV or exit 127");
        }
        return List.of();
    }

    private static File nothing() {
        return new File("/dev/null");
    }

    /**
     * Not on the common pool, whose one thread of a small machine {@link Processes#await} needs too: it would wait for
     * itself.
     */
    private void watch(Process started) {
        started.onExit()
                .thenAccept(dead ->
                        Thread.ofVirtual().name("restart-" + recipe.name()).start(() -> mourn(dead)));
    }

    private void mourn(Process dead) {
        synchronized (this) {
            if (!wanted || process != dead) {
                return;
            }
        }
        LOG.log(Level.WARNING, "{0} ended with {1}; see {2}", recipe.name(), dead.exitValue(), recipe.log());
        if (kept) {
            restart();
        }
    }

    private void restart() {
        while (true) {
            synchronized (this) {
                if (!wanted || alive()) {
                    return;
                }
                try {
                    start(RESTART);
                    LOG.log(Level.INFO, "{0} is running again", recipe.name());
                    return;
                } catch (ServerFailure failure) {
                    LOG.log(Level.ERROR, failure.getMessage());
                }
            }
            pause(1000);
        }
    }

    /** From now on, starts the process again whenever it dies. */
    public synchronized void keep() {
        kept = true;
    }

    /**
     * Whether its process runs.
     *
     * @return whether it does
     */
    public synchronized boolean alive() {
        return process != null && process.isAlive();
    }

    /**
     * Its process.
     *
     * @return the id
     */
    public synchronized long pid() {
        return process.pid();
    }

    /** Freezes the process and those that it has started, as a machine that hangs. */
    public void pause() {
        signalAll("STOP");
    }

    /** Lets them go on after {@link #pause}. */
    public void resume() {
        signalAll("CONT");
    }

    /** Asks the process to end, as whoever replaces it would; one that is kept is started again. */
    public void terminate() {
        Processes.signal(pid(), recipe.stopSignal());
    }

    /** The process first, so that it starts no others meanwhile. */
    private void signalAll(String signal) {
        long own = pid();
        Processes.signal(own, signal);
        ProcessHandle.of(own).stream()
                .flatMap(ProcessHandle::descendants)
                .forEach(child -> Processes.signal(child.pid(), signal));
    }

    /** Ends the process as a crash would. */
    public void crash() {
        Process victim;
        synchronized (this) {
            wanted = kept;
            victim = process;
        }
        victim.destroyForcibly();
        awaitEnd(victim);
    }

    /** Stops the process cleanly; it may be started again. */
    public void stop() {
        // Before the lock: a start under way gives up when it sees it.
        wanted = false;
        synchronized (this) {
            if (alive()) {
                Processes.end(process.toHandle(), recipe.stopSignal());
                awaitEnd(process);
            }
        }
    }

    /** Of the process itself: its handle tells of the end a moment before the process stops saying that it is alive. */
    private static void awaitEnd(Process ending) {
        try {
            ending.waitFor(Processes.STOP);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            LOG.log(Level.TRACE, "The JVM is ending", alreadyEnding);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ServerFailure("Interrupted while starting", interrupted);
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(recipe.log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
