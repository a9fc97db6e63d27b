package dev.natter.bench;

import dev.natter.bench.Chart.Curve;
import dev.natter.bench.Figure.Reference;
import dev.natter.bench.Figure.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

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
            Optional<Histogram> alone =
                    Limit.pgbench(ground, stage, pgbench -> pgbench.alone("send.sql", ground.length()));
            List<Curve> curves = new ArrayList<>(List.of(Chart.slowest("a lone send", lone.latency())));
            alone.ifPresent(waits -> curves.add(Chart.slowest("pgbench, same rows, one client", waits)));
            ground.draw(Chart.latencies("A lone send", curves));
            var limit =
                    alone.map(waits -> new Reference("pgbench, one client, p50", waits.getValueAtPercentile(50) / 1e6));
            return List.of(
                    Figure.beside("a lone send, p50", lone.millis(50), "ms", limit, new Target.AtMost(1.5)),
                    Figure.plain("the same, p99", lone.millis(99), "ms"));
        }
    }
}
