package dev.natter.local;

import dev.natter.servers.Child;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A service in a process of its own, as a deployment has it.
 *
 * @param part which service
 * @param home the installation's folder
 * @param settings all that it is told, where it listens included
 */
public record Alone(Part part, Path home, Map<String, String> settings) {
    private static final Duration PROBE = Duration.ofSeconds(2);

    /** Shared, since a client has threads of its own. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(PROBE).build();

    /**
     * Its process, not started yet; it counts as serving once it says that it is ready.
     *
     * @param name what to call it; its log is called so too
     * @return the process
     */
    public Child child(String name) {
        Path jar = Repository.jar(part);
        return new Child(new Child.Recipe(
                name,
                command(jar, new AotCache(jar).use()),
                Logs.file(home, name),
                "TERM",
                Wiring.environment(settings),
                this::ready));
    }

    /**
     * Runs it until it is ready, for its JVM to learn what that takes and to keep it; returns whether that went well.
     */
    boolean rehearse() throws IOException, InterruptedException {
        Path jar = Repository.jar(part);
        ProcessBuilder builder = new ProcessBuilder(command(jar, new AotCache(jar).make()))
                .redirectErrorStream(true)
                .redirectOutput(Logs.file(home, part.module()).toFile());
        builder.environment().putAll(Wiring.environment(settings));
        Process process = builder.start();
        while (process.isAlive() && !ready()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        process.destroy();
        return process.waitFor() == 0;
    }

    private List<String> command(Path jar, List<String> cache) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Hold.mark(home),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx" + part.heap() + "m",
                // A process that is out of memory is replaced; one that limps is not.
                "-XX:+ExitOnOutOfMemoryError",
                // A thread of the system looks after sockets that are waited for: an answer's way is a thread shorter.
                "-Djdk.pollerMode=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(part.options());
        command.addAll(cache);
        command.addAll(List.of("-cp", jar.toString(), part.home().getPackageName() + ".Main"));
        return command;
    }

    private boolean ready() {
        return ready(URI.create("http://127.0.0.1:" + settings.get("internal.port")));
    }

    /**
     * Whether what runs behind an internal listener says that it is ready.
     *
     * @param internal the listener's address
     * @return whether it does, within a moment
     */
    public static boolean ready(URI internal) {
        try {
            var health = HttpRequest.newBuilder(internal.resolve("/health/ready"))
                    .timeout(PROBE)
                    .build();
            return HTTP.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
