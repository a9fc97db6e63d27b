package dev.natter.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command {@code docker}, and one that understands compose files. Thread-safe. */
record Docker(Path folder, Map<String, String> environment, Composer composer) {
    /** With the composer that is to be preferred here. */
    static Docker in(Path folder, Map<String, String> environment) {
        return new Docker(folder, environment, Composer.atHand().getFirst());
    }

    /** What a docker command prints; fails if the command does. */
    String docker(String... arguments) {
        return run(List.of("docker"), arguments);
    }

    /** What a compose command prints; fails if the command does. */
    String compose(String... arguments) {
        return run(composer.command(), arguments);
    }

    /** What a command prints; fails if the command does. */
    String run(List<String> program, String... arguments) {
        List<String> command = command(program, arguments);
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

    /** Whether there is such a program, and it has nothing against these arguments. */
    boolean succeeds(List<String> program, String... arguments) {
        try {
            return exit(command(program, arguments), Path.of("/dev/null")) == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    /** Makes the engine forget whoever it still counts to the networks of a compose project. */
    void emptyNetworks(String project) {
        String label = "label=com.docker.compose.project=" + project;
        for (String network : lines(docker("network", "ls", "-q", "--filter", label))) {
            for (String left : lines(
                    docker("network", "inspect", "-f", "{{range .Containers}}{{println .Name}}{{end}}", network))) {
                docker("network", "disconnect", "-f", network, left);
            }
        }
    }

    private static List<String> lines(String text) {
        return text.lines().filter(line -> !line.isBlank()).toList();
    }

    private static List<String> command(List<String> program, String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        return command;
    }

    private int exit(List<String> command, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        try {
            return builder.start().waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
