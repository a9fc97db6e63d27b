package dev.natter.bench;

import dev.natter.bench.Figure.Target;
import dev.natter.local.Alone;
import dev.natter.local.Part;
import dev.natter.servers.Child;
import dev.natter.servers.NatsServer;
import dev.natter.servers.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * From nothing running to the first answer: of all in one process, its servers included, and of each service in a
 * process of its own, beside servers that run. What is made once (data, schemas, the JVM's caches) is there already.
 */
final class Start implements Scenario {
    private static final double ALL_SECONDS = 3;
    private static final double ALONE_SECONDS = 0.6;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Read from the database. */
    private static final String QUESTION = "/.well-known/jwks.json";

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String about() {
        return "natter up and each service alone, to the first answer";
    }

    @Override
    public List<Figure> run(Ground ground) throws Exception {
        if (ground.given() != null) {
            throw new IOException("Only what the bench starts itself can be timed: leave --url out");
        }
        List<Figure> figures = new ArrayList<>();
        Path home = ground.folder().resolve("home");
        // Makes the data, and has all six kinds of process rehearsed.
        up(ground, home, "--separate");
        figures.add(figure("natter up, to the first answer", up(ground, home), ALL_SECONDS));
        try (PostgresServer postgres = PostgresServer.durable(ground.folder().resolve("postgres"), 0);
                NatsServer nats = NatsServer.durable(ground.folder().resolve("nats"), 0)) {
            List<Alone> services = new ArrayList<>();
            for (Part part : Part.values()) {
                postgres.createDatabase(part.key());
                services.add(new Alone(part, home, settings(part, postgres, nats, home)));
            }
            // Makes the schemas and streams, all before anything is timed, since servers go on writing for a while.
            services.forEach(Start::time);
            for (Alone service : services) {
                figures.add(figure(service.part().module() + " alone, to ready", time(service), ALONE_SECONDS));
            }
        }
        return figures;
    }

    private static Figure figure(String what, Duration time, double most) {
        return new Figure(what, time.toNanos() / 1e9, "s", null, new Target.AtMost(most));
    }

    /** Starts and stops all of it; how long the first answer took. */
    private static Duration up(Ground ground, Path home, String... options) throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(
                List.of(ground.root().resolve("natter").toString(), "up", "--port", "" + port, "--home", "" + home));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().keySet().removeAll(List.of("DATABASE_URL", "NATS_URL"));
        long begin = System.nanoTime();
        Process launcher = builder.start();
        try {
            awaitAnswer(URI.create("http://127.0.0.1:" + port + QUESTION), launcher);
            return Duration.ofNanos(System.nanoTime() - begin);
        } finally {
            launcher.destroy();
            launcher.waitFor();
        }
    }

    private static void awaitAnswer(URI question, Process launcher) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(question).build();
        long begin = System.nanoTime();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() - begin < PATIENCE.toNanos() && launcher.isAlive()) {
                try {
                    if (client.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException notYet) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            }
        }
        throw new IOException("natter up doesn't answer " + question);
    }

    private static Duration time(Alone service) {
        try (Child process = service.child(service.part().module())) {
            long begin = System.nanoTime();
            process.start(PATIENCE, 1);
            return Duration.ofNanos(System.nanoTime() - begin);
        }
    }

    private static Map<String, String> settings(Part part, PostgresServer postgres, NatsServer nats, Path home)
            throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "secret.key",
                "nobody keeps a secret in here that matters",
                "database.url",
                postgres.url(part.key()),
                "nats.url",
                nats.url(),
                "media.root",
                home.resolve("files").toString(),
                "token.jwks.url",
                "http://127.0.0.1:1" + QUESTION,
                "server.host",
                "127.0.0.1",
                "server.port",
                "" + freePort(),
                "internal.host",
                "127.0.0.1",
                "internal.port",
                "" + freePort()));
        for (Part neighbour : Part.values()) {
            // Nobody asks it anything.
            settings.put(neighbour.key() + ".url", "http://127.0.0.1:1");
        }
        settings.put("server.shutdown.delay", "0");
        return settings;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
