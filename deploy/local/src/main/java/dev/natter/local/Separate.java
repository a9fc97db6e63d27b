package dev.natter.local;

import dev.natter.platform.run.NodeConfig;
import dev.natter.platform.run.Settings;
import dev.natter.servers.Child;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Five processes behind nginx, as a deployment has them; each is started again if it dies. */
final class Separate implements Arrangement {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int TRIES = 2;
    private static final int FIRST_PORT = 8011;

    private final Wiring wiring;
    private final Map<Part, Child> services = new EnumMap<>(Part.class);
    private Child nginx;

    private Separate(Wiring wiring) {
        this.wiring = wiring;
    }

    static Separate start(Wiring wiring, Options options, int port) {
        Separate separate = new Separate(wiring);
        try {
            Map<Part, String> addresses = new EnumMap<>(Part.class);
            Map<Part, Long> bodies = new EnumMap<>(Part.class);
            for (Part part : Part.values()) {
                int own = Ports.internal(options.internalPort() == 0 ? 0 : FIRST_PORT + part.ordinal());
                Map<String, String> settings =
                        wiring.settings(part, own, wiring.internal().get(part).getPort());
                addresses.put(part, "127.0.0.1:" + own);
                separate.services.put(part, new Alone(part, wiring.home(), settings).child(part.module()));
                NodeConfig node = NodeConfig.from(Settings.load(part.home(), settings));
                bodies.put(part, node.maxPayload());
            }
            atOnce(separate.services.values(), child -> child.start(PATIENCE, TRIES));
            separate.services.values().forEach(Child::keep);
            separate.nginx = Nginx.in(wiring.home(), options.host(), port, addresses, bodies);
            separate.nginx.start(PATIENCE, TRIES);
            separate.nginx.keep();
            return separate;
        } catch (RuntimeException failure) {
            separate.close();
            throw failure;
        }
    }

    /** Does something to several processes at the same time; returns when all of it is done or has failed. */
    private static void atOnce(Collection<Child> children, Consumer<Child> action) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<?>[] all = children.stream()
                    .map(child -> CompletableFuture.runAsync(() -> action.accept(child), threads))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(all).join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }

    @Override
    public void crash(String process) {
        if (process.equals("nginx")) {
            nginx.crash();
        } else {
            services.get(Part.of(process)).crash();
        }
    }

    /** The services first, while nginx still carries their last answers and the sockets' goodbyes. */
    @Override
    public void close() {
        atOnce(services.values(), Child::close);
        if (nginx != null) {
            nginx.close();
        }
    }
}
