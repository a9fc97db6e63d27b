package dev.natter.realtime;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What other gateways were asked and haven't all answered yet. Guarded by its {@link Presence}. */
final class Questions {
    /**
     * Something that some gateways were asked.
     *
     * @param about about whom
     * @param awaited who hasn't answered yet
     * @param until when they should have
     */
    record Question(List<Watch> about, Set<String> awaited, long until) {}

    private final Map<Long, Question> open = new HashMap<>();
    private final long patienceNanos;
    private long last;

    Questions(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /**
     * Some gateways are asked.
     *
     * @return the question's number
     */
    long ask(List<Watch> about, Set<String> gateways, long now) {
        open.put(++last, new Question(about, new HashSet<>(gateways), now + patienceNanos));
        return last;
    }

    /** What a question was about; nothing if it isn't open any more. */
    List<Watch> about(long question) {
        Question asked = open.get(question);
        return asked == null ? List.of() : asked.about();
    }

    /**
     * A gateway has answered.
     *
     * @return what all that were asked have answered now
     */
    List<Watch> answered(long question, String gateway) {
        Question asked = open.get(question);
        if (asked == null) {
            return List.of();
        }
        asked.awaited().remove(gateway);
        if (!asked.awaited().isEmpty()) {
            return List.of();
        }
        open.remove(question);
        return asked.about();
    }

    /** Forgets what wasn't answered in time, and says what that was. */
    List<Question> giveUp(long now) {
        if (open.isEmpty()) {
            return List.of();
        }
        List<Question> late = open.values().stream()
                .filter(question -> now - question.until() > 0)
                .toList();
        open.values().removeAll(late);
        return late;
    }
}
