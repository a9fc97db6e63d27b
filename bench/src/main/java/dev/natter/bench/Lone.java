package dev.natter.bench;

import dev.natter.bench.Figure.Reference;
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
            var pgbench = Limit.pgbench(ground, stage);
            Figure tail = Figure.plain("the same, p99", lone.millis(99), "ms");
            if (pgbench.isEmpty()) {
                return List.of(Figure.plain("a lone send, p50", lone.millis(50), "ms"), tail);
            }
            var reference =
                    new Reference("pgbench, one client, p50", pgbench.get().alone("send.sql", ground.length()));
            return List.of(
                    new Figure("a lone send, p50", lone.millis(50), "ms", reference, new Target.AtMost(1.5)), tail);
        }
    }
}
