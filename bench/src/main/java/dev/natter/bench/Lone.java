package dev.natter.bench;

import dev.natter.bench.Figure.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A send when nobody else sends: how long its answer takes. */
final class Lone implements Scenario {
    private static final int BUSY = 16;

    @Override
    public String name() {
        return "lone";
    }

    @Override
    public String about() {
        return "POST of messages over one connection";
    }

    @Override
    public List<Figure> run(Ground ground) throws Exception {
        try (Stage stage = Stage.start(ground, Map.of())) {
            Company company = Company.found(stage, BUSY);
            company.warmUp(stage, BUSY);
            var lone = new ClosedLoop(stage.base(), 1, Duration.ofSeconds(3), ground.length()).run(company::sender);
            var limit = Limit.pgbench(ground, stage, pgbench -> pgbench.alone("send.sql", ground.length()));
            return List.of(
                    Figure.beside("a lone send, p50", lone.millis(50), "ms", limit, new Target.AtMost(1.5)),
                    Figure.plain("the same, p99", lone.millis(99), "ms"));
        }
    }
}
