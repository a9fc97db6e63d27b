package dev.natter.bench;

import dev.natter.bench.Figure.Reference;
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
            var pgbench = Limit.pgbench(ground, stage);
            if (pgbench.isEmpty()) {
                return List.of(
                        Figure.plain("durable sends", many.perSecond(), "/s"),
                        Figure.plain("durable sends to one chat", one.perSecond(), "/s"));
            }
            double limit = pgbench.get().best("send.sql", Pgbench.CHATS, ground.length());
            var reference = new Reference("pgbench, same rows, best of 16, 32, 64 clients", limit);
            return List.of(
                    new Figure("durable sends", many.perSecond(), "/s", reference, new Target.AtLeast(2)),
                    new Figure("durable sends to one chat", one.perSecond(), "/s", reference, new Target.AtLeast(2)));
        }
    }
}
