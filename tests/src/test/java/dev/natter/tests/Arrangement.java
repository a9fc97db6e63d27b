package dev.natter.tests;

import dev.natter.local.Natter;
import dev.natter.local.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The ways to run Natter. Each is started when a test first needs it, and serves all of them. */
enum Arrangement {
    ALL_IN_ONE,
    SEPARATE,
    /** Images behind nginx, as {@code deploy/compose.yaml} has them: {@code ./natter test deploy}. */
    COMPOSE;

    private World world;
    private RuntimeException failure;

    synchronized World world() {
        if (failure != null) {
            throw new IllegalStateException(name() + " does not start", failure);
        }
        if (world == null) {
            try {
                world = new World(start());
            } catch (RuntimeException failed) {
                failure = failed;
                throw failed;
            }
        }
        return world;
    }

    private Installation start() {
        if (this == COMPOSE) {
            return Compose.shared();
        }
        Path home = emptyFolder(name().toLowerCase(Locale.ROOT));
        Options options = Options.in(home);
        return new Local(Natter.start(this == SEPARATE ? options.asSeparate() : options), home);
    }

    /** Those that a run is about. */
    static Stream<Arrangement> chosen() {
        return Compose.isWanted() ? Stream.of(COMPOSE) : Stream.of(ALL_IN_ONE, SEPARATE);
    }

    /** A folder for one run's data, empty. */
    static Path emptyFolder(String name) {
        Path folder = Path.of("target", "natter", name);
        try {
            if (Files.exists(folder)) {
                try (var old = Files.walk(folder)) {
                    for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            return Files.createDirectories(folder);
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    private synchronized void demandValidEvents() {
        if (world != null) {
            world.demandValidEvents();
        }
    }

    private synchronized void close() {
        if (world != null) {
            world.close();
        }
    }

    /** Stops whatever was started, when the last test of the run has ended. */
    static final class Curtain implements BeforeAllCallback, AfterAllCallback {
        @Override
        public void afterAll(ExtensionContext context) {
            for (var arrangement : values()) {
                arrangement.demandValidEvents();
            }
        }

        @Override
        public void beforeAll(ExtensionContext context) {
            context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(Curtain.class, key -> (AutoCloseable) () -> {
                        for (var arrangement : values()) {
                            arrangement.close();
                        }
                    });
        }
    }
}
