package dev.natter.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever happens to the chats of a user, and to the news of it, their list ends as the server's. */
class BoxTest {
    private static final int PAGE = 2;

    private enum Kind {
        CREATE,
        RENAME,
        ADD,
        ADD_ME,
        PROMOTE,
        REMOVE,
        REMOVE_ME,
        DELETE,
        ACTIVITY,
        DELIVER,
        READ,
        ANSWER,
        DROP,
        REPEAT,
        OVERTAKE,
        REPLAY,
        RECONNECT,
        RECONNECT_WITHOUT_NUMBER
    }

    private record Event(Kind kind, int which) {}

    private static final class Line {
        private final UnaryOperator<JsonNode> ear;
        private final BoxLog log = new BoxLog();
        private final Transit frames = new Transit();
        private final ClientState client = new ClientState();
        private final Queue<Long> asked = new ArrayDeque<>();
        private final Queue<Runnable> answers = new ArrayDeque<>();

        Line(UnaryOperator<JsonNode> ear) {
            this.ear = ear;
            connect(true);
        }

        void happen(Event event) {
            int which = event.which();
            switch (event.kind()) {
                case CREATE -> tell(log.create("title " + which));
                case RENAME -> tell(log.rename(which, "renamed " + log.number()));
                case ADD -> tell(log.add(which, "boris"));
                case ADD_ME -> tell(log.add(which, BoxLog.ME));
                case PROMOTE -> tell(log.promote(which, which % 2 == 0 ? "admin" : "member"));
                case REMOVE -> tell(log.remove(which, which % 2 == 0 ? "anna" : "boris"));
                case REMOVE_ME -> tell(log.remove(which, BoxLog.ME));
                case DELETE -> tell(log.delete(which));
                case ACTIVITY ->
                    tell(Log.JSON
                            .createObjectNode()
                            .put("type", "chat_activity")
                            .put("chat_id", "chat " + which)
                            .put("user_seq", log.number()));
                case DELIVER -> deliver();
                case READ -> read();
                case ANSWER -> answer();
                case DROP -> frames.drop(which);
                case REPEAT -> frames.repeat(which);
                case OVERTAKE -> frames.overtake(which);
                case REPLAY -> tell(Log.JSON.createObjectNode().set("replay", log.replay(which % (log.number() + 1))));
                case RECONNECT -> connect(true);
                case RECONNECT_WITHOUT_NUMBER -> connect(false);
            }
        }

        void settle() {
            connect(true);
            while (!frames.isEmpty() || !asked.isEmpty() || !answers.isEmpty()) {
                deliver();
                read();
                answer();
            }
        }

        private void tell(ObjectNode frame) {
            if (frame != null) {
                frames.add(frame);
            }
        }

        private void connect(boolean isKnown) {
            client.closed();
            frames.clear();
            asked.clear();
            answers.clear();
            ObjectNode hello = Log.JSON.createObjectNode().put("type", "hello").put("user_id", BoxLog.ME);
            hello.put("epoch", Log.EPOCH).put("user_seq", isKnown ? log.number() : null);
            obey(client.hear(hello));
        }

        private void deliver() {
            if (!frames.isEmpty()) {
                JsonNode frame = frames.next();
                // What a gateway replays comes whole, or the socket is gone.
                Iterable<JsonNode> told = frame.has("type") ? List.of(frame) : frame.path("replay");
                told.forEach(each -> obey(hear(each)));
            }
        }

        private Step hear(JsonNode frame) {
            long before = client.box().local();
            Step step = client.hear(ear.apply(frame));
            long now = client.box().local();
            boolean applied = frame.has("user_prev") && step.verdict() == Step.Verdict.APPLIED;
            assertThat(now)
                    .as("after %s at %d", frame, before)
                    .isEqualTo(applied ? frame.path("user_seq").asLong() : before);
            assertThat(!applied || now > before)
                    .as("%s is applied once, and in order, at %d", frame, before)
                    .isTrue();
            return step;
        }

        private void read() {
            if (!asked.isEmpty()) {
                long since = asked.remove();
                long number = log.number();
                List<JsonNode> all = log.entries(since);
                List<JsonNode> page = all.stream().limit(PAGE).toList();
                answers.add(() -> obey(client.chats(since, number, Log.EPOCH, page, all.size() > PAGE)));
            }
        }

        private void answer() {
            if (!answers.isEmpty()) {
                answers.remove().run();
            }
        }

        private void obey(Step step) {
            for (Action action : step.next()) {
                asked.add(((Action.FetchChats) action).since());
            }
        }
    }

    @Property(tries = 1000)
    void theListEndsAsTheServersIs(@ForAll("stories") List<Event> story) {
        Line line = tell(story, UnaryOperator.identity());

        assertThat(BoxLog.shown(line.client.box())).isEqualTo(line.log.shown());
        assertThat(line.client.box().local()).isEqualTo(line.log.number());
    }

    @Test
    void aClientThatIgnoresUserPrevIsFoundOut() {
        UnaryOperator<JsonNode> careless = frame ->
                frame.has("user_prev") ? ((ObjectNode) frame).deepCopy().put("user_prev", 0) : frame;

        assertThat(stories().sampleStream().limit(500).filter(story -> {
                    Line line = tell(story, careless);
                    return !BoxLog.shown(line.client.box()).equals(line.log.shown());
                }))
                .as("stories in which it loses something")
                .isNotEmpty();
    }

    @Provide
    Arbitrary<List<Event>> stories() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(4, Kind.CREATE),
                Tuple.of(4, Kind.RENAME),
                Tuple.of(3, Kind.ADD),
                Tuple.of(4, Kind.ADD_ME),
                Tuple.of(2, Kind.PROMOTE),
                Tuple.of(3, Kind.REMOVE),
                Tuple.of(4, Kind.REMOVE_ME),
                Tuple.of(1, Kind.DELETE),
                Tuple.of(2, Kind.ACTIVITY),
                Tuple.of(24, Kind.DELIVER),
                Tuple.of(6, Kind.READ),
                Tuple.of(6, Kind.ANSWER),
                Tuple.of(3, Kind.DROP),
                Tuple.of(3, Kind.REPEAT),
                Tuple.of(3, Kind.OVERTAKE),
                Tuple.of(1, Kind.REPLAY),
                Tuple.of(1, Kind.RECONNECT),
                Tuple.of(1, Kind.RECONNECT_WITHOUT_NUMBER));
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 30))
                .as(Event::new)
                .list()
                .ofMaxSize(120);
    }

    private static Line tell(List<Event> story, UnaryOperator<JsonNode> ear) {
        var line = new Line(ear);
        story.forEach(line::happen);
        line.settle();
        return line;
    }
}
