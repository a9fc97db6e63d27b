package dev.natter.bench;

import dev.natter.bench.People.Person;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Clients that open: the list of a user's chats. */
final class ChatLists implements Scenario {
    private static final int CHATS = 50;
    private static final int CONNECTIONS = 16;

    @Override
    public String name() {
        return "lists";
    }

    @Override
    public String about() {
        return "GET of a list of " + CHATS + " chats, " + CONNECTIONS + " connections";
    }

    @Override
    public List<Figure> run(Ground ground) throws Exception {
        try (Stage stage = Stage.start(ground, Map.of())) {
            var people = new People(stage.base());
            List<Person> persons = people.register(2);
            for (int chat = 0; chat < CHATS; chat++) {
                people.group(persons.getFirst(), persons);
            }
            byte[] request =
                    Connection.request("GET", "/api/chats", persons.getFirst().token(), null);
            var outcome = new ClosedLoop(stage.base(), CONNECTIONS, Duration.ofSeconds(5), ground.length())
                    .run(_ -> () -> request);
            ground.draw(Chart.latencies(
                    "Lists of chats, " + CONNECTIONS + " connections",
                    List.of(Chart.slowest("lists of " + CHATS + " chats", outcome.latency()))));
            return List.of(
                    Figure.plain("lists of " + CHATS + " chats", outcome.perSecond(), "/s"),
                    Figure.plain("the same, p99", outcome.millis(99), "ms"));
        }
    }
}
