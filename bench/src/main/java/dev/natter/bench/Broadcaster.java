package dev.natter.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process that sends each text to everyone: a reference for the gateway. */
final class Broadcaster implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final URI base;

    private Broadcaster(Process process, URI base) {
        this.process = process;
        this.base = base;
    }

    /** The least that a write to each can cost: {@link WriteLoop}. */
    static Broadcaster bare() throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        return start(java, "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), WriteLoop.class.getName());
    }

    /**
     * The usual way to do it: npm's {@code ws}, fetched into the bench's folder when it is first needed.
     *
     * @param ground where packages may be left
     * @throws IOException if there is no node or no npm, or the package can't be had
     */
    static Broadcaster npm(Ground ground) throws IOException {
        Path packages = Files.createDirectories(ground.root().resolve("bench/target/node"));
        if (!Files.exists(packages.resolve("node_modules/ws"))) {
            run(packages, "npm", "install", "--no-audit", "--no-fund", "--prefix", packages.toString(), "ws@8");
        }
        Path script = packages.resolve("broadcast.mjs");
        try (InputStream source = Broadcaster.class.getResourceAsStream("broadcast.mjs")) {
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        }
        return start("node", script.toString(), packages.toString());
    }

    private static Broadcaster start(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String port = said.readLine();
        if (port == null) {
            throw new IOException(command[0] + " didn't start");
        }
        return new Broadcaster(process, URI.create("http://127.0.0.1:" + port));
    }

    private static void run(Path folder, String... command) throws IOException {
        Process process = new ProcessBuilder(List.of(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("npm.log").toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(
                        Arrays.toString(command) + " failed: " + Files.readString(folder.resolve("npm.log")));
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    /** Where clients go: to {@code /speak} those whose texts everyone else gets, anywhere else to listen. */
    URI base() {
        return base;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
