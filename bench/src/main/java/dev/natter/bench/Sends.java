package dev.natter.bench;

import dev.natter.bench.Figure.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Durable sends: answered when they are committed, with fsync on. */
final class Sends implements Scenario {
    private static final int CONNECTIONS = 64;

    @Override
    public String name() {
        return "sends";
    }

    @Override
    public String about() {
        return "POST of messages over " + CONNECTIONS + " connections, to many chats and to one";
    }

    @Override
    public List<Figure> run(Ground ground) throws Exception {
        try (Stage stage = Stage.start(ground, Map.of())) {
            Company company = Company.found(stage, CONNECTIONS);
            company.warmUp(stage, CONNECTIONS);
            var loop = new ClosedLoop(stage.base(), CONNECTIONS, Duration.ofSeconds(3), ground.length());
            var many = loop.run(company::sender);
            var one = loop.run(number -> () -> company.send(number, company.all()));
            ground.draw(Chart.latencies(
                    "Durable sends, " + CONNECTIONS + " connections",
                    List.of(
                            Chart.slowest("to many chats", many.latency()),
                            Chart.slowest("to one chat", one.latency()))));
            var limit = Limit.pgbench(ground, stage, pgbench -> pgbench.best("send.sql", ground.length()));
            var twice = new Target.AtLeast(2);
            return List.of(
                    Figure.beside("durable sends", many.perSecond(), "/s", limit, twice),
                    Figure.beside("durable sends to one chat", one.perSecond(), "/s", limit, twice));
        }
    }
}
