package dev.natter.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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

/** Whatever happens to a chat, and whatever happens to the news of it on the way, the client ends with the log. */
class DeliveryTest {
    private enum Kind {
        SEND,
        EDIT,
        ATTACH,
        DELETE,
        SERVE,
        DELIVER,
        READ,
        ANSWER,
        DROP,
        REPEAT,
        OVERTAKE,
        SCROLL,
        FETCH,
        REPLAY,
        RESYNC,
        RESTORE,
        RECONNECT
    }

    private record Event(Kind kind, int which) {}

    @Property(tries = 1000)
    void theClientEndsWithTheLog(@ForAll("stories") List<Event> story) {
        Wire wire = tell(story, UnaryOperator.identity());

        assertThat(shown(wire)).isEqualTo(toBeShown(wire));
    }

    @Test
    void aClientThatIgnoresPrevIsFoundOut() {
        UnaryOperator<JsonNode> careless =
                frame -> frame.has("prev") ? ((ObjectNode) frame).deepCopy().put("prev", 0) : frame;

        Stream<List<Event>> samples = stories().sampleStream().limit(500);

        assertThat(samples.filter(story -> isFoundOut(story, careless)).findFirst())
                .as("a story in which it loses something")
                .isPresent();
    }

    @Provide
    Arbitrary<List<Event>> stories() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(8, Kind.SEND),
                Tuple.of(4, Kind.EDIT),
                Tuple.of(2, Kind.ATTACH),
                Tuple.of(3, Kind.DELETE),
                Tuple.of(12, Kind.SERVE),
                Tuple.of(24, Kind.DELIVER),
                Tuple.of(5, Kind.READ),
                Tuple.of(5, Kind.ANSWER),
                Tuple.of(3, Kind.DROP),
                Tuple.of(3, Kind.REPEAT),
                Tuple.of(3, Kind.OVERTAKE),
                Tuple.of(1, Kind.SCROLL),
                Tuple.of(1, Kind.FETCH),
                Tuple.of(1, Kind.REPLAY),
                Tuple.of(1, Kind.RESYNC),
                Tuple.of(1, Kind.RESTORE),
                Tuple.of(2, Kind.RECONNECT));
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 30))
                .as(Event::new)
                .list()
                .ofMaxSize(150);
    }

    private static boolean isFoundOut(List<Event> story, UnaryOperator<JsonNode> ear) {
        try {
            Wire wire = tell(story, ear);
            return !shown(wire).equals(toBeShown(wire));
        } catch (AssertionError foundOut) {
            return true;
        }
    }

    private static Wire tell(List<Event> story, UnaryOperator<JsonNode> ear) {
        var wire = new Wire(ear);
        for (Event event : story) {
            long before = wire.timeline().local();
            happen(wire, event);
            holdsOnlyWhatWas(wire, before, event);
        }
        return wire;
    }

    /**
     * The log, but for messages that were gone before the client could hear of them: of those there is nothing to show.
     */
    private static List<Message> toBeShown(Wire wire) {
        return wire.log.messages().stream()
                .filter(message -> !message.deleted() || !isOnlyKnownAsDeleted(wire, message))
                .toList();
    }

    private static boolean isOnlyKnownAsDeleted(Wire wire, Message message) {
        Message held = wire.timeline().message(message.id());
        return held != null && held.seq() == null;
    }

    /** What the client has in the end: first what is next to the log's end, then all of it. */
    private static List<Message> shown(Wire wire) {
        wire.settle();
        long from = wire.timeline().heldFrom();
        assertThat(wire.timeline().messages())
                .isEqualTo(toBeShown(wire).stream()
                        .filter(message -> message.seq() >= from)
                        .toList());
        while (wire.timeline().heldFrom() > 0) {
            wire.scroll();
            wire.settle();
        }
        return wire.timeline().messages();
    }

    private static void happen(Wire wire, Event event) {
        int which = event.which();
        switch (event.kind()) {
            case SEND -> {
                wire.log.send("sent " + which);
                wire.changed(true);
            }
            case EDIT -> wire.changed(wire.log.edit(which, "edited " + wire.log.head()));
            case ATTACH -> wire.changed(wire.log.attach(which, "file " + wire.log.head()));
            case DELETE -> wire.changed(wire.log.delete(which));
            case SERVE -> wire.serve();
            case DELIVER -> wire.deliver();
            case READ -> wire.read();
            case ANSWER -> wire.answer();
            case DROP -> wire.frames.drop(which);
            case REPEAT -> wire.frames.repeat(which);
            case OVERTAKE -> wire.frames.overtake(which);
            case SCROLL -> wire.scroll();
            case FETCH -> wire.fetch();
            case REPLAY -> wire.replayFrom(which);
            case RESYNC -> wire.resync();
            case RESTORE -> wire.restore(which);
            case RECONNECT -> wire.reconnect();
        }
    }

    /** At every moment: nothing that never was, nothing missing that can't change any more below {@code local}. */
    private static void holdsOnlyWhatWas(Wire wire, long before, Event event) {
        Timeline timeline = wire.timeline();
        if (!wire.log.epoch().equals(timeline.epoch())) {
            return;
        }
        for (Message was : wire.log.messages()) {
            Message held = timeline.message(was.id());
            if (held != null) {
                Message then = wire.log.stateAt(held.changedSeq());
                assertThat(held.seq() == null ? Message.deleted(then.id(), then.changedSeq()) : then)
                        .as("%s at %d", event, before)
                        .isEqualTo(held);
            }
            if (was.changedSeq() <= timeline.local() && was.seq() >= timeline.heldFrom() && !timeline.isLoading()) {
                assertThat(held).as("%s at %d: %s", event, before, was).isNotNull();
                assertThat(held.changedSeq()).as("%s at %d", event, before).isEqualTo(was.changedSeq());
            }
        }
    }
}
