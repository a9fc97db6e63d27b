package dev.natter.bench;

import dev.natter.bench.Figure.Reference;
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
            var pgbench = Limit.pgbench(ground, stage);
            if (pgbench.isEmpty()) {
                return List.of(Figure.plain("pages of 50 messages", pages.perSecond(), "/s"));
            }
            var reference = new Reference(
                    "pgbench, same rows, best of 16, 32, 64 clients",
                    pgbench.get().best("history.sql", Pgbench.CHATS, ground.length()));
            return List.of(
                    new Figure("pages of 50 messages", pages.perSecond(), "/s", reference, new Target.AtLeast(0.5)));
        }
    }
}
