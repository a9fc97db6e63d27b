package dev.natter.bench;

import dev.natter.bench.Chart.Axis;
import dev.natter.bench.Chart.Curve;
import dev.natter.bench.Chart.Point;
import dev.natter.bench.Figure.Reference;
import dev.natter.bench.Figure.Target;
import dev.natter.bench.People.Person;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * The same questions to installations that hold ever more: what is fast with a thousand chats shall be as fast with a
 * million. Everything fits into the machine's memory, but far from all of it into PostgreSQL's own.
 */
final class Growth implements Scenario {
    private static final List<Integer> SIZES = List.of(10_000, 1_000_000, 10_000_000);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final int PEOPLE = 8;
    private static final int PLACES = 200;
    private static final int PAGE = 50;

    /** What is asked of an installation of one size. */
    private record Visit(Town town, Talk talk, List<Person> people) {
        byte[] get(String path) {
            return Connection.request("GET", path, anybody().token(), null);
        }

        byte[] send() {
            byte[] body = People.JSON.writeValueAsBytes(Map.of(
                    "content",
                    "Shall we meet at eight tomorrow, before the others come?",
                    "client_id",
                    UUID.randomUUID().toString()));
            return Connection.request("POST", messages(anyChat()), anybody().token(), body);
        }

        byte[] deep() {
            int chat = town.measured()[0];
            int before = ThreadLocalRandom.current().nextInt(PAGE + 1, talk.head(chat));
            return get(messages(chat) + "?before=" + before);
        }

        byte[] changes() {
            int chat = anyChat();
            return get("/api/chats/" + town.id(chat) + "/changes?since=" + Math.max(0, talk.head(chat) - PAGE));
        }

        private String messages(int chat) {
            return "/api/chats/" + town.id(chat) + "/messages";
        }

        private int anyChat() {
            return town.measured()[ThreadLocalRandom.current().nextInt(PLACES)];
        }

        private Person anybody() {
            return people.get(ThreadLocalRandom.current().nextInt(PEOPLE));
        }
    }

    /**
     * What is measured.
     *
     * @param what its name
     * @param connections how many ask; with one it is told how long an answer takes, else how many come a second
     * @param question the next
     */
    private record Question(String what, int connections, Function<Visit, byte[]> question) {
        boolean isAlone() {
            return connections == 1;
        }

        double measure(Stage stage, Visit visit, Duration length) throws IOException {
            var outcome =
                    new ClosedLoop(stage.base(), connections, WARM_UP, length).run(_ -> () -> question.apply(visit));
            return isAlone() ? outcome.millis(50) : outcome.perSecond();
        }

        Figure figure(int size, double value, double first) {
            var reference = new Reference("with " + written(SIZES.getFirst()), first);
            String name = what + ", " + written(size) + " messages";
            return isAlone()
                    ? new Figure(name, value, "ms", reference, new Target.AtMost(1.25))
                    : new Figure(name, value, "/s", reference, new Target.AtLeast(0.8));
        }

        /** How fast, beside how fast with the least. */
        double speed(double value, double first) {
            return isAlone() ? first / value : value / first;
        }
    }

    private static final List<Question> QUESTIONS = List.of(
            new Question("sends, 64 connections", 64, Visit::send),
            new Question("a lone send, p50", 1, Visit::send),
            new Question("latest pages", 16, visit -> visit.get(visit.messages(visit.anyChat()))),
            new Question("pages of the largest chat", 16, Visit::deep),
            new Question("lists of 50 of 200 chats", 16, visit -> visit.get("/api/chats")),
            new Question("a chat's last 50 changes", 16, Visit::changes));

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String about() {
        return "the same with 10 thousand messages, a million, and ten; --size says how far";
    }

    @Override
    public List<Figure> run(Ground ground) throws Exception {
        Map<Integer, List<Double>> found = new LinkedHashMap<>();
        for (int size : SIZES) {
            if (size <= Math.max(ground.size(), SIZES.getFirst())) {
                Ground own = ground.in(Integer.toString(size));
                found.put(size, measure(own, size));
                own.clear();
            }
        }
        ground.draw(chart(found));
        List<Figure> figures = new ArrayList<>();
        List<Double> first = found.get(SIZES.getFirst());
        for (int at = 0; at < QUESTIONS.size(); at++) {
            for (int size : found.keySet()) {
                if (size > SIZES.getFirst()) {
                    figures.add(QUESTIONS.get(at).figure(size, found.get(size).get(at), first.get(at)));
                }
            }
        }
        return figures;
    }

    private static List<Double> measure(Ground ground, int size) throws Exception {
        try (Stage stage = Stage.start(ground, Map.of())) {
            List<Person> people = new People(stage.base()).register(PEOPLE);
            var town = new Town(size, people, PLACES);
            var visit = new Visit(town, Loader.load(stage.database(), town), people);
            // Who asks is compiled first too: else the smallest size, which comes first, would look slow.
            QUESTIONS.getFirst().measure(stage, visit, ground.length());
            List<Double> values = new ArrayList<>();
            for (Question question : QUESTIONS) {
                values.add(question.measure(stage, visit, ground.length()));
            }
            return values;
        }
    }

    private static Chart chart(Map<Integer, List<Double>> found) {
        List<Double> first = found.get(SIZES.getFirst());
        List<Curve> curves = new ArrayList<>();
        for (int at = 0; at < QUESTIONS.size(); at++) {
            List<Point> points = new ArrayList<>();
            for (Map.Entry<Integer, List<Double>> each : found.entrySet()) {
                double speed = QUESTIONS.get(at).speed(each.getValue().get(at), first.get(at));
                points.add(new Point(each.getKey(), speed));
            }
            curves.add(new Curve(QUESTIONS.get(at).what(), points));
        }
        return new Chart(
                "Growth",
                new Axis("messages", true),
                new Axis("speed, with " + written(SIZES.getFirst()) + " messages: 1", false),
                curves);
    }

    private static String written(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
