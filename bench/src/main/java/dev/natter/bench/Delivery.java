package dev.natter.bench;

import dev.natter.bench.Figure.Reference;
import dev.natter.bench.Figure.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import org.HdrHistogram.Histogram;

/** From a send to the last of a chat's members. */
final class Delivery implements Scenario {
    private static final int MEMBERS = 100;
    private static final int PER_SECOND = 200;
    private static final int SENDERS = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "delivery";
    }

    @Override
    public String about() {
        return "from the intended send to the last of " + MEMBERS + " members, " + PER_SECOND + " messages a second";
    }

    @Override
    public List<Figure> run(Ground ground) throws Exception {
        try (Stage stage = Stage.start(ground, Map.of())) {
            Company company = Company.found(stage, MEMBERS);
            company.warmUp(stage, SENDERS);
            var loop = new OpenLoop(PER_SECOND, WARM_UP, ground.length());
            Histogram path = sends(stage, company, loop);
            var bareLoop = new OpenLoop(PER_SECOND, WARM_UP, ground.length());
            Histogram bare =
                    BarePath.run(bareLoop, Limit.database(stage), stage.nats().url());
            return List.of(
                    new Figure(
                            "send to receive, p99",
                            millis(path, 99),
                            "ms",
                            new Reference("bare path: commit, NATS, socket, p99", millis(bare, 99)),
                            new Target.AtMost(3)),
                    new Figure(
                            "send to receive, p50",
                            millis(path, 50),
                            "ms",
                            new Reference("bare path: commit, NATS, socket, p50", millis(bare, 50)),
                            null));
        }
    }

    private static Histogram sends(Stage stage, Company company, OpenLoop loop) throws Exception {
        var ends = loop.ends(MEMBERS);
        var free = new ArrayBlockingQueue<Connection>(SENDERS);
        for (int sender = 0; sender < SENDERS; sender++) {
            free.add(new Connection(stage.base()));
        }
        try (var audience = new Audience(stage.base(), company.people(), company.all());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            audience.listen(ends::done);
            return loop.run(number -> threads.submit(() -> send(company, number, free)), ends);
        } finally {
            for (Connection connection : free) {
                connection.close();
            }
        }
    }

    private static Void send(Company company, int number, ArrayBlockingQueue<Connection> free)
            throws IOException, InterruptedException {
        Connection connection = free.take();
        try {
            connection
                    .ask(company.send(number, company.all(), Audience.NAME + number))
                    .good();
        } finally {
            free.add(connection);
        }
        return null;
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e6;
    }
}
