package dev.natter.tests;

import dev.natter.local.Natter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the launcher runs. */
record Local(Natter natter, Path home) implements Installation {
    @Override
    public URI baseUri() {
        return natter.baseUri();
    }

    @Override
    public URI internalUri(String service) {
        return natter.internalUri(service);
    }

    @Override
    public void crash(String process) {
        natter.crash(process);
    }

    @Override
    public String natsUrl() {
        return natsUrl(home);
    }

    /** Where the NATS server is that runs in this home. */
    static String natsUrl(Path home) {
        try {
            String configuration = Files.readString(home.resolve("nats").resolve("nats.conf"));
            return "nats://" + value(configuration, "user: \"([^\"]*)\"") + ":"
                    + value(configuration, "password: \"([^\"]*)\"") + "@127.0.0.1:"
                    + value(configuration, "port: (\\d+)");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String value(String text, String pattern) {
        var found = Pattern.compile(pattern).matcher(text);
        if (!found.find()) {
            throw new AssertionError("No " + pattern);
        }
        return found.group(1);
    }

    @Override
    public void close() {
        natter.close();
    }
}
