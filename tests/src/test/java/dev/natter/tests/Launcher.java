package dev.natter.tests;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The launcher as a process of its own, as {@code ./natter up} runs it. */
final class Launcher implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("http://(localhost|127\\.0\\.0\\.1):\\d+");

    private final Path output;
    private final Process process;

    private Launcher(Path home, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx768m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dnatter.root=" + Path.of("..").toAbsolutePath().normalize(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.natter.local.Main",
                "--port",
                "0",
                "--home",
                home.toAbsolutePath().toString()));
        try {
            Files.createDirectories(home.toAbsolutePath().getParent());
            this.output = Files.createTempFile(home.toAbsolutePath().getParent(), "launcher", ".log");
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.to(new File(output.toString())));
            builder.environment().putAll(environment);
            this.process = builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Starts it, and doesn't wait. */
    static Launcher starting(Path home, Map<String, String> environment) {
        return new Launcher(home, environment);
    }

    /** Starts it and waits until it answers. */
    static Launcher started(Path home, Map<String, String> environment) {
        Launcher launcher = starting(home, environment);
        await().atMost(Duration.ofSeconds(90)).until(() -> {
            if (!launcher.process.isAlive()) {
                throw new AssertionError("The launcher ended: " + launcher.output());
            }
            return ADDRESS.matcher(launcher.output()).find();
        });
        Client client = Client.anonymous(launcher.base());
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> client.get("/openapi.json").status() == 200);
        return launcher;
    }

    URI base() {
        Matcher address = ADDRESS.matcher(output());
        if (!address.find()) {
            throw new AssertionError("No address in: " + output());
        }
        return URI.create(address.group());
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** {@code kill -9} of it and of every process that it has started. */
    void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        await().until(() -> !process.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** How it ended; fails if it doesn't in time. */
    int exit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Still running after " + patience + ": " + output());
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroy();
            exit(Duration.ofSeconds(30));
        }
    }
}
