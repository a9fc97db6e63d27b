package dev.natter.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The commands {@code docker} and {@code docker compose}, or {@code docker-compose} where only that is. Thread-safe.
 */
record Docker(Path folder, Map<String, String> environment) {
    private static final List<String> COMPOSE = compose();

    private static List<String> compose() {
        List<String> plugin = List.of("docker", "compose");
        List<String> question = List.of("docker", "compose", "version");
        return new Docker(Path.of("."), Map.of()).exit(question, Path.of("/dev/null")) == 0
                ? plugin
                : List.of("docker-compose");
    }

    /** What a docker command prints; fails if the command does. */
    String docker(String... arguments) {
        return run(List.of("docker"), arguments);
    }

    /** What a compose command prints; fails if the command does. */
    String compose(String... arguments) {
        return run(COMPOSE, arguments);
    }

    /** What a command prints; fails if the command does. */
    String run(List<String> program, String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("natter-docker-", ".log");
            try {
                int exit = exit(command, output);
                String text = Files.readString(output, StandardCharsets.UTF_8).strip();
                if (exit != 0) {
                    throw new IllegalStateException(String.join(" ", command) + " ended with " + exit + ": " + text);
                }
                return text;
            } finally {
                Files.delete(output);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private int exit(List<String> command, Path output) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        try {
            return builder.start().waitFor();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
