package dev.natter.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The paths that clients are promised. */
final class Contract {
    private static final List<String> PATHS = load();

    private Contract() {}

    /** All of {@code openapi.yaml}'s, with names in braces. */
    static List<String> paths() {
        return PATHS;
    }

    /** A path as a client asks for it. */
    static String sample(String path) {
        return path.replaceAll("\\{[a-z_]+}", "0198c2b4-0000-7000-8000-0000000000ab");
    }

    private static List<String> load() {
        try (var yaml = Contract.class.getResourceAsStream("/dev/natter/contracts/openapi.yaml")) {
            return List.copyOf(new YAMLMapper().readTree(yaml).get("paths").propertyNames());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
