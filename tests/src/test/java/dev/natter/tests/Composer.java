package dev.natter.tests;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The two programs that understand compose files. */
enum Composer {
    /** Docker's own plugin, compose 2 and later. */
    PLUGIN("docker", "compose"),
    /** The one before, 1.29, which Debian has. */
    STANDALONE("docker-compose");

    private final List<String> command;

    Composer(String... command) {
        this.command = List.of(command);
    }

    /** Those that are on this machine, the one to be preferred first. */
    static List<Composer> atHand() {
        return Arrays.stream(values()).filter(Composer::isAtHand).toList();
    }

    private boolean isAtHand() {
        return new Docker(Path.of("."), Map.of(), this).succeeds(command, "version");
    }

    List<String> command() {
        return command;
    }

    @Override
    public String toString() {
        return String.join(" ", command);
    }
}
