package dev.natter.bench;

import dev.natter.bench.Figure.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Pages of history. */
final class History implements Scenario {
    private static final int PEOPLE = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "history";
    }

    @Override
    public String about() {
        return "GET of 50 messages, " + PEOPLE + " connections";
    }

    @Override
    public List<Figure> run(Ground ground) throws Exception {
        try (Stage stage = Stage.start(ground, Map.of())) {
            Company company = Company.found(stage, PEOPLE);
            company.warmUp(stage, PEOPLE);
            var pages = new ClosedLoop(stage.base(), PEOPLE, WARM_UP, ground.length()).run(company::reader);
            ground.draw(Chart.latencies(
                    "Pages of history, " + PEOPLE + " connections",
                    List.of(Chart.slowest("pages of 50 messages", pages.latency()))));
            var limit = Limit.pgbench(ground, stage, pgbench -> pgbench.best("history.sql", ground.length()));
            return List.of(
                    Figure.beside("pages of 50 messages", pages.perSecond(), "/s", limit, new Target.AtLeast(0.5)));
        }
    }
}
