package dev.natter.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Environment variables. As with services, what a variable says can stand in a file that another names
 * ({@code NATS_PASSWORD_FILE}); what is empty isn't there.
 */
record Variables(Map<String, String> all) {
    private static final String SUFFIX = "_FILE";

    /** What it says, or null. */
    String text(String name) {
        String value = present(name);
        String file = present(name + SUFFIX);
        if (file == null) {
            return value;
        }
        if (value != null) {
            throw new BackupFailure("Give " + name + " or " + name + SUFFIX + ", not both");
        }
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException unreadable) {
            throw new BackupFailure(name + SUFFIX + ": '" + file + "' can't be read", unreadable);
        }
    }

    String required(String name) {
        String value = text(name);
        if (value == null) {
            throw new BackupFailure(name + " must be set");
        }
        return value;
    }

    private String present(String name) {
        String value = all.get(name);
        return value == null || value.isBlank() ? null : value;
    }

    @Override
    public String toString() {
        return "Variables";
    }
}
