package dev.natter.bench;

import dev.natter.bench.Figure.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * An office at work: two thousand people with a socket each, who read far more than they write. Their mix is that of
 * Mattermost's own load test, as far as there is such a thing here: no reactions yet, and no search.
 */
final class Crowd implements Scenario {
    private static final int USERS = 2_000;
    private static final int MESSAGES = USERS * Town.MESSAGES_OF_A_USER;
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration SHORTEST = Duration.ofSeconds(60);
    private static final double WORST_MEAN_MILLIS = 20;
    private static final double WORST_P99_MILLIS = 200;

    @Override
    public String name() {
        return "crowd";
    }

    @Override
    public String about() {
        return USERS + " people, each with a socket and something to do every 20 seconds";
    }

    @Override
    public List<Figure> run(Ground ground) throws Exception {
        try (Stage stage = Stage.start(ground, Tokens.settings())) {
            var town = new Town(MESSAGES, List.of(), 0);
            Loader.users(stage.database(), town);
            Talk talk = Loader.load(stage.database(), town);
            var heard = new Tally();
            try (Swarm swarm = new Swarm(_ -> heard.add())) {
                List<Visitor> visitors = visitors(stage, town, talk);
                for (Visitor visitor : visitors) {
                    visitor.listen(swarm);
                }
                Duration length = ground.length().compareTo(SHORTEST) < 0 ? SHORTEST : ground.length();
                var log = new VisitLog(System.nanoTime() + WARM_UP.toNanos(), length);
                stay(visitors, log);
                swarm.check();
                ground.draw(log.chart());
                return figures(log, heard, length);
            }
        }
    }

    private static void stay(List<Visitor> visitors, VisitLog log) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = visitors.stream()
                    .map(visitor -> threads.submit(() -> visitor.stay(log)))
                    .toList();
            for (Future<Void> one : all) {
                one.get();
            }
        }
    }

    private static List<Figure> figures(VisitLog log, Tally heard, Duration length) {
        double seconds = length.toNanos() / 1e9;
        return List.of(
                new Figure("answers of 5xx to " + USERS + " people", log.failed(), "", null, new Target.AtMost(0)),
                new Figure("their mean wait", log.mean(), "ms", null, new Target.AtMost(WORST_MEAN_MILLIS)),
                new Figure("their p99", log.percentile(99), "ms", null, new Target.AtMost(WORST_P99_MILLIS)),
                Figure.plain("their p50", log.percentile(50), "ms"),
                Figure.plain("their requests", log.answered() / seconds, "/s"),
                Figure.plain("frames to their sockets", heard.count() / (seconds + WARM_UP.toNanos() / 1e9), "/s"));
    }

    /** Everybody, with the chats that they are in, the busiest first. */
    private static List<Visitor> visitors(Stage stage, Town town, Talk talk) throws Exception {
        Map<UUID, List<Integer>> chats = new HashMap<>();
        for (int chat = 0; chat < town.chats(); chat++) {
            for (UUID member : town.members(chat)) {
                chats.computeIfAbsent(member, _ -> new ArrayList<>()).add(chat);
            }
        }
        List<Visitor> visitors = new ArrayList<>();
        for (Map.Entry<UUID, List<Integer>> each : chats.entrySet()) {
            List<String> busiestFirst = each.getValue().stream()
                    .sorted(Comparator.comparing((Integer chat) -> talk.head(chat))
                            .reversed())
                    .map(chat -> town.id(chat).toString())
                    .collect(Collectors.toList());
            visitors.add(new Visitor(stage.base(), each.getKey(), busiestFirst));
        }
        return visitors;
    }
}
