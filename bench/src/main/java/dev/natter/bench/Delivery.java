package dev.natter.bench;

import dev.natter.bench.Figure.Reference;
import dev.natter.bench.Figure.Target;
import dev.natter.bench.People.Person;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

    /**
     * At this pace the compiler needs a minute until it replaces no more code of a send's way, for a while by none. The
     * bare path gets as much, since its own code is no less new.
     */
    private static final Duration WARM_UP = Duration.ofSeconds(60);

    /** What names of sends begin with; a number follows. */
    private static final String NAME = "heard-";

    private static final byte[] MARK = ("\"" + NAME).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JOINED = "{\"type\":\"joined_chat".getBytes(StandardCharsets.US_ASCII);

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
            ground.draw(Chart.latencies(
                    "Send to receive, " + PER_SECOND + " a second",
                    List.of(
                            Chart.slowest("to the last of " + MEMBERS + " members", path),
                            Chart.slowest("bare path: commit, NATS, socket", bare))));
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
        var joined = new Tally();
        try (var audience = new Swarm(new Members(joined, ends));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            byte[] join = ("{\"type\":\"join_chat\",\"chat_id\":\"" + company.all() + "\"}")
                    .getBytes(StandardCharsets.US_ASCII);
            for (Person member : company.people()) {
                audience.open(stage.base(), "/ws/" + member.id(), member.token())
                        .send(join, 1);
            }
            joined.await(MEMBERS);
            Histogram waits = loop.run(number -> threads.submit(() -> send(company, number, free)), ends);
            audience.check();
            return waits;
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
            connection.ask(company.send(number, company.all(), NAME + number)).good();
        } finally {
            free.add(connection);
        }
        return null;
    }

    /** Members who listen. All hear the same, so where one has found the number the next look first. */
    private static final class Members implements Swarm.Ear {
        private final Tally joined;
        private final OpenLoop.Ends ends;
        private int place;

        Members(Tally joined, OpenLoop.Ends ends) {
            this.joined = joined;
            this.ends = ends;
        }

        @Override
        public void heard(ByteBuffer utf8) {
            if (Swarm.begins(utf8, JOINED)) {
                joined.add();
            } else if (isMarkAt(utf8, place) || isMarkFound(utf8)) {
                long number = 0;
                for (int next = place + MARK.length; utf8.get(next) != '"'; next++) {
                    number = number * 10 + utf8.get(next) - '0';
                }
                ends.done(number);
            }
        }

        private boolean isMarkFound(ByteBuffer utf8) {
            for (int at = 0; at < utf8.limit() - MARK.length; at++) {
                if (isMarkAt(utf8, at)) {
                    place = at;
                    return true;
                }
            }
            return false;
        }

        private static boolean isMarkAt(ByteBuffer utf8, int at) {
            boolean same = at < utf8.limit() - MARK.length;
            for (int i = 0; same && i < MARK.length; i++) {
                same = utf8.get(at + i) == MARK[i];
            }
            return same;
        }
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e6;
    }
}
