package dev.natter.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server with one chat, one client of it, and all that lies between them: frames under way, joins not yet served,
 * pages read and not yet arrived.
 */
final class Wire {
    /** More than this since a join asks for a load. */
    private static final int TOO_FAR = 12;

    private static final int PAGE = 3;

    /** A replay under way, page by page; tells final states, and a message as new only once. */
    private final class Reading {
        private final long origin;
        private final boolean answers;
        private final Set<Long> told = new HashSet<>();
        private long at;

        Reading(long since, boolean answers) {
            this.origin = since;
            this.at = since;
            this.answers = answers;
        }

        boolean turn() {
            List<Message> page = log.changes(at).stream().limit(PAGE).toList();
            for (Message message : page) {
                boolean isNew = !message.deleted() && message.seq() > origin && told.add(message.seq());
                frames.add(Log.frame(message, at, isNew).put("replay", true));
                at = message.changedSeq();
            }
            return at == log.head();
        }
    }

    private record Asked(Long before, Long fetchSince) {}

    final Log log = new Log();
    final Transit frames = new Transit();
    final ClientState client = new ClientState();
    private final UnaryOperator<JsonNode> ear;
    private final Queue<Action.Join> joins = new ArrayDeque<>();
    private final Queue<Asked> asked = new ArrayDeque<>();
    private final Queue<Runnable> answers = new ArrayDeque<>();
    private Reading reading;
    private boolean live;
    private boolean connected;

    /**
     * A server and a client.
     *
     * @param ear what the client makes of a frame before it applies it
     */
    Wire(UnaryOperator<JsonNode> ear) {
        this.ear = ear;
        obey(client.follow(Log.CHAT));
        connect();
    }

    void changed(boolean happened) {
        if (happened && live) {
            frames.add(log.live(log.head()));
        }
    }

    void deliver() {
        if (frames.isEmpty()) {
            return;
        }
        JsonNode frame = frames.next();
        long before = timeline().local();
        Step step = client.hear(ear.apply(frame));
        if (frame.has("prev")) {
            boolean applied = step.verdict() == Step.Verdict.APPLIED;
            assertThat(timeline().local())
                    .as("after %s at %d", frame, before)
                    .isEqualTo(applied ? frame.path("seq").asLong() : before);
            assertThat(!applied || timeline().local() > before)
                    .as("%s is applied once, and in order, at %d", frame, before)
                    .isTrue();
        }
        obey(step);
    }

    /** The server does the next of its work: begins or goes on with an answer to a join. */
    void serve() {
        if (reading == null && !joins.isEmpty()) {
            begin(joins.remove());
        } else if (reading != null && reading.turn()) {
            live |= reading.answers;
            if (reading.answers) {
                frames.add(mark("joined_chat", log.head()).put("ref", Log.CHAT));
            }
            reading = null;
        }
    }

    /** The server reads what was asked for over HTTP; the answer arrives later. */
    void read() {
        if (asked.isEmpty()) {
            return;
        }
        Asked question = asked.remove();
        if (question.fetchSince() == null) {
            Page page = page(question.before());
            answers.add(() -> obey(client.page(page)));
            return;
        }
        long since = question.fetchSince();
        List<Message> all = log.changes(since);
        ObjectNode answer =
                Log.JSON.createObjectNode().put("epoch", log.epoch()).put("seq", log.head());
        var messages = answer.putArray("messages");
        all.stream().limit(PAGE).map(Log::json).forEach(messages::add);
        answer.put("more", all.size() > PAGE);
        answers.add(() -> obey(client.changes(Log.CHAT, since, answer)));
    }

    void answer() {
        if (!answers.isEmpty()) {
            answers.remove().run();
        }
    }

    /** The user scrolls back. */
    void scroll() {
        asked.add(new Asked(timeline().heldFrom(), null));
    }

    /** The client reads /changes, as one without a socket would. */
    void fetch() {
        if (timeline().local() >= 0) {
            asked.add(new Asked(null, timeline().local()));
        }
    }

    /** The server replays what nobody asked for. */
    void replayFrom(int since) {
        if (reading == null) {
            reading = new Reading(since % (log.head() + 1), false);
        }
    }

    /** The data set is restored from a backup, with everything stopped. */
    void restore(int back) {
        log.restore(back);
        reconnect();
    }

    void resync() {
        frames.add(mark("resync_required", log.head()).put("reason", "too_far"));
        live = true;
    }

    void reconnect() {
        client.closed();
        frames.clear();
        joins.clear();
        reading = null;
        live = false;
        connected = false;
        connect();
    }

    /** Everything works from now on. */
    void settle() {
        reconnect();
        while (!isQuiet()) {
            serve();
            deliver();
            read();
            answer();
        }
    }

    Timeline timeline() {
        return client.timeline(Log.CHAT);
    }

    private boolean isQuiet() {
        return frames.isEmpty() && joins.isEmpty() && asked.isEmpty() && answers.isEmpty() && reading == null;
    }

    private void connect() {
        connected = true;
        ObjectNode hello = Log.JSON.createObjectNode().put("type", "hello").put("user_id", "me");
        obey(client.hear(hello.put("epoch", log.epoch()).put("user_seq", 1)));
    }

    private void begin(Action.Join join) {
        long since = join.since().get(Log.CHAT);
        live = false;
        if (!join.epoch().equals(log.epoch()) || since > log.head() || log.head() - since > TOO_FAR) {
            resync();
        } else {
            reading = new Reading(since, true);
        }
    }

    private void obey(Step step) {
        for (Action action : step.next()) {
            switch (action) {
                case Action.Join join -> {
                    if (connected) {
                        joins.add(join);
                    }
                }
                case Action.Load _ -> asked.add(new Asked(null, null));
                case Action.Fetch fetch -> asked.add(new Asked(null, fetch.since()));
                case Action.FetchChats fetch -> {
                    ObjectNode entry =
                            Log.JSON.createObjectNode().put("id", Log.CHAT).put("user_seq", 1);
                    obey(client.chats(fetch.since(), 1, log.epoch(), List.of(entry), false));
                }
                case Action.Authenticate _, Action.Reconnect _ -> throw new AssertionError("Nothing led to " + action);
            }
        }
    }

    private Page page(Long before) {
        List<Message> below = log.messages().stream()
                .filter(message -> before == null || message.seq() < before)
                .toList();
        int older = Math.max(0, below.size() - PAGE);
        List<JsonNode> shown = below.stream()
                .skip(older)
                .map(Log::json)
                .map(JsonNode.class::cast)
                .toList();
        return new Page(Log.CHAT, log.head(), log.epoch(), before, shown, older > 0);
    }

    private static ObjectNode mark(String type, long seq) {
        return Log.JSON
                .createObjectNode()
                .put("type", type)
                .put("chat_id", Log.CHAT)
                .put("seq", seq);
    }
}
