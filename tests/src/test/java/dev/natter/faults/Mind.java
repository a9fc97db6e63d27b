package dev.natter.faults;

import dev.natter.conformance.Action;
import dev.natter.conformance.ClientState;
import dev.natter.conformance.Message;
import dev.natter.conformance.Page;
import dev.natter.conformance.Step;
import dev.natter.conformance.Step.Verdict;
import dev.natter.conformance.Timeline;
import dev.natter.faults.Violation.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/**
 * What a device makes of what it hears: the reference reducer decides, and beside it everything is judged that a server
 * owes a connection. A clumsy one mislays, repeats and swaps some changes before it looks at them, as a client's own
 * queue might; the rule must make up for that too. Thread-safe.
 */
final class Mind {
    private static final int MEMORY = 40;
    private static final int LINE = 300;

    private final String device;
    private final Person owner;
    private final Recorder recorder;
    private final ClientState state = new ClientState();
    private final Map<String, Long> applied = new HashMap<>();
    private final Map<String, Long> askedAt = new HashMap<>();
    private final Deque<String> heard = new ArrayDeque<>();
    private final Clumsiness clumsiness;
    private WireOrder order = new WireOrder();
    private String epoch;

    Mind(String device, Person owner, Recorder recorder, Clumsiness clumsiness) {
        this.device = device;
        this.owner = owner;
        this.recorder = recorder;
        this.clumsiness = clumsiness;
    }

    static Mind clumsy(String device, Person owner, Recorder recorder, SplittableRandom dice) {
        return new Mind(device, owner, recorder, new Clumsiness(dice));
    }

    boolean isClumsy() {
        return clumsiness != null;
    }

    /** From now on it takes everything as it is. */
    void sober() {
        if (clumsiness != null) {
            clumsiness.end();
        }
    }

    /** A new connection. */
    synchronized void connected() {
        order = new WireOrder();
    }

    /** Its end. */
    synchronized void closed() {
        state.closed();
        heard("-- the connection ended");
    }

    /** The last number applied in a chat; -1 if nothing is held of it. */
    synchronized long local(String chat) {
        Timeline timeline = state.timeline(chat);
        return timeline == null || timeline.isLoading() ? -1 : timeline.local();
    }

    synchronized Holding holding(String chat) {
        Map<Long, Entry> entries = new HashMap<>();
        Timeline timeline = state.timeline(chat);
        List<Message> messages = timeline == null ? List.of() : timeline.messages();
        for (Message message : messages) {
            entries.put(message.seq(), Entry.of(message));
        }
        long from = timeline == null ? 0 : timeline.heldFrom();
        return new Holding(device, owner.id(), chat, local(chat), from, entries);
    }

    /** A frame. */
    synchronized List<Action> hear(String text) {
        heard(text);
        JsonNode frame = Web.JSON.readTree(text);
        judge(frame);
        List<Action> next = new ArrayList<>();
        boolean change = frame.has("prev");
        for (JsonNode one : clumsiness == null || !change ? List.of(frame) : clumsiness.mislay(frame)) {
            next.addAll(take(one).next());
        }
        return next;
    }

    private Step take(JsonNode frame) {
        String chat = frame.path("chat_id").asString("");
        Step step = state.hear(frame);
        if (frame.has("prev")) {
            recorder.count("changes " + step.verdict());
        }
        if (frame.path("type").asString("").equals("resync_required")) {
            recorder.count("resyncs " + frame.path("reason").asString());
            applied.remove(chat);
        }
        if (frame.has("prev") && step.verdict() == Verdict.APPLIED) {
            long seq = frame.path("seq").asLong();
            Long before = applied.put(chat, seq);
            if (before != null && before >= seq) {
                broken(Kind.DUPLICATED, "applied after " + before + ": " + frame);
            }
        }
        if (clumsiness == null && step.verdict() == Verdict.HOLE) {
            broken(Kind.HOLE, "a client that is connected meets a hole: " + frame);
        }
        return step;
    }

    /** What the server owes, whatever the client forgives. */
    private void judge(JsonNode frame) {
        String chat = frame.path("chat_id").asString("");
        switch (frame.path("type").asString("")) {
            case "hello" -> {
                String told = frame.path("epoch").asString("");
                if (epoch != null && !epoch.equals(told)) {
                    broken(Kind.INVENTED, "another epoch: " + told + " after " + epoch);
                }
                epoch = told;
            }
            case "joined_chat", "resync_required" ->
                order.joined(chat, frame.path("seq").asLong());
            case "joined_chats" ->
                frame.path("chats")
                        .properties()
                        .forEach(
                                one -> order.joined(one.getKey(), one.getValue().asLong()));
            case "error" -> recorder.count("errors " + frame.path("code").asString());
            default -> {
                if (frame.has("prev")) {
                    change(chat, frame);
                } else {
                    recorder.count("frames " + frame.path("type").asString());
                }
            }
        }
    }

    private void change(String chat, JsonNode frame) {
        long asked = frame.path("replay").asBoolean(false) ? askedAt.getOrDefault(chat, 0L) : 0;
        String id = frame.path("message_id")
                .asString(frame.path("message").path("id").asString("0"));
        long message = Long.parseLong(id.substring(id.indexOf('.') + 1));
        long number = frame.path("seq").asLong();
        recorder.seen(new Seen(device, owner.id(), chat, number, message, asked, recorder.now()));
        order.change(chat, frame).ifPresent(violation -> broken(violation.kind(), violation.what()));
    }

    /** A join is about to be sent. */
    synchronized void asking(Action.Join join) {
        join.since().forEach((chat, since) -> {
            order.asking(chat, since);
            askedAt.put(chat, recorder.now());
        });
    }

    synchronized Step follow(String chat) {
        return state.follow(chat);
    }

    synchronized Step page(Page page) {
        applied.remove(page.chatId());
        return state.page(page);
    }

    synchronized Step chats(long since, long userSeq, String dataset, List<JsonNode> entries, boolean more) {
        return state.chats(since, userSeq, dataset, entries, more);
    }

    synchronized Step chatsAhead() {
        return state.chatsAhead();
    }

    /** From which number on a chat's messages are held; 0 if all are. */
    synchronized long heldFrom(String chat) {
        Timeline timeline = state.timeline(chat);
        return timeline == null ? 0 : timeline.heldFrom();
    }

    synchronized void forget(String chat) {
        state.forget(chat);
        order.left(chat);
        applied.remove(chat);
    }

    void broken(Kind kind, String what) {
        String evidence;
        synchronized (this) {
            evidence = String.join("\n      ", heard);
        }
        recorder.broken(new Violation(kind, device + ": " + what + "\n    it heard, latest last:\n      " + evidence));
    }

    private void heard(String text) {
        heard.add(text.length() > LINE ? text.substring(0, LINE) + "…" : text);
        if (heard.size() > MEMORY) {
            heard.remove();
        }
    }
}
