package dev.natter.tests;

import dev.natter.local.Natter;
import dev.natter.testing.Tap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A running Natter and the people in it, shared by all tests of an arrangement: registering is slow by design. */
final class World implements AutoCloseable {
    private final Natter natter;
    private final Tap tap;
    private final Client anonymous;
    private final Map<String, Person> people = new ConcurrentHashMap<>();
    private final AtomicInteger names = new AtomicInteger();

    World(Natter natter, Path home) {
        this.natter = natter;
        this.tap = Tap.on(natsUrl(home));
        this.anonymous = Client.anonymous(natter.baseUri());
    }

    Natter natter() {
        return natter;
    }

    URI base() {
        return natter.baseUri();
    }

    Client anonymous() {
        return anonymous;
    }

    /** The person of this name, registered when first asked for. */
    Person person(String name) {
        return people.computeIfAbsent(name, this::register);
    }

    /** Somebody nobody else knows. */
    Person stranger() {
        return register(fresh("stranger"));
    }

    /** A name that is not taken. */
    String fresh(String prefix) {
        return prefix + "." + names.incrementAndGet();
    }

    private Person register(String name) {
        return Person.register(anonymous, name + ".test");
    }

    /** Demands that every event so far was what the contract says. */
    void demandValidEvents() {
        tap.demandValid();
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
        try {
            tap.close();
        } finally {
            natter.close();
        }
    }
}
