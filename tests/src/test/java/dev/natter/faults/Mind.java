package dev.natter.faults;

import dev.natter.conformance.Action;
import dev.natter.conformance.ClientState;
import dev.natter.conformance.Message;
import dev.natter.conformance.Page;
import dev.natter.conformance.Step;
import dev.natter.conformance.Step.Verdict;
import dev.natter.conformance.Timeline;
import dev.natter.faults.Violation.Kind;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * What a device makes of what it hears: the reference reducer decides, and beside it everything is judged that a server
 * owes a connection. A clumsy one mislays, repeats and swaps some changes before it looks at them, as a client's own
 * queue might; the rule must make up for that too. Thread-safe.
 */
final class Mind {
    private static final int MEMORY = 40;
    private static final int LINE = 200;
    private static final String END = "the connection ended";
    private static final long ON_ITS_WAY = TimeUnit.SECONDS.toNanos(1);
    private static final long SLOWNESS = TimeUnit.SECONDS.toNanos(40);

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
    private volatile long slowUntil;

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
    synchronized void connected(URI gateway) {
        order = new WireOrder();
        heard("connected to " + gateway);
    }

    /** Its end. */
    synchronized void closed() {
        state.closed();
        heard(heard.isEmpty() || heard.peekLast().endsWith(END) ? "" : END);
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
        JsonNode frame = Web.JSON.readTree(text);
        heard(brief(frame));
        judge(frame);
        List<Action> next = new ArrayList<>();
        boolean change = frame.has("prev") || frame.has("user_prev");
        for (JsonNode one : clumsiness == null || !change ? List.of(frame) : clumsiness.mislay(frame)) {
            next.addAll(take(one).next());
        }
        return following(next);
    }

    /** Every chat of the list is followed. */
    private List<Action> following(List<Action> actions) {
        List<Action> next = new ArrayList<>(actions);
        for (String chat : state.box().chats().keySet()) {
            if (state.timeline(chat) == null) {
                next.addAll(state.follow(chat).next());
            }
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
        if (clumsiness == null && step.verdict() == Verdict.HOLE && !frame.has("user_prev")) {
            broken(Kind.HOLE, "a client that is connected meets a hole: " + frame);
        }
        return step;
    }

    /** What the server owes, whatever the client forgives. */
    private void judge(JsonNode frame) {
        String chat = frame.path("chat_id").asString("");
        switch (frame.path("type").asString("")) {
            case "hello" -> {
                String told = frame.path("epoch").asString(epoch);
                if (epoch != null && !epoch.equals(told)) {
                    broken(Kind.INVENTED, "another epoch: " + told + " after " + epoch);
                }
                epoch = told;
            }
            case "joined_chat" -> order.joined(chat, frame.path("seq").asLong());
            case "resync_required" -> order.joinedAnew(chat, frame.path("seq").asLong());
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
                    other(chat, frame);
                }
            }
        }
    }

    /**
     * Activity tells of a change. What is true only now (who types, who has read) can't be traced to its cause: it is
     * taken to have been caused as late as it may have been, unless this device reads late itself.
     */
    private void other(String chat, JsonNode frame) {
        String type = frame.path("type").asString();
        recorder.count("frames " + type);
        long now = recorder.now();
        switch (type) {
            case "chat_activity" -> {
                long message = frame.path("last_message").path("seq").asLong();
                recorder.seen(
                        new Seen(device, owner.id(), chat, frame.path("seq").asLong(), message, 0, now));
            }
            case "typing", "message_read" -> {
                if (now > slowUntil) {
                    recorder.seen(new Seen(device, owner.id(), chat, 0, 0, Math.max(1, now - ON_ITS_WAY), now));
                }
            }
            default -> {}
        }
    }

    /** The device is about to read late. */
    void slow() {
        slowUntil = recorder.now() + SLOWNESS;
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
            order.asking(chat, since, join.since().size() > 1);
            askedAt.put(chat, recorder.now());
        });
    }

    synchronized List<Action> page(Page page) {
        applied.remove(page.chatId());
        return state.page(page).next();
    }

    synchronized List<Action> chats(long since, long userSeq, String dataset, List<JsonNode> entries, boolean more) {
        return following(state.chats(since, userSeq, dataset, entries, more).next());
    }

    synchronized List<Action> chatsAhead() {
        return state.chatsAhead().next();
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
        recorder.broken(new Violation(kind, device + ": " + what + evidence()));
    }

    /** What the device heard last. */
    synchronized String evidence() {
        return "\n    it heard, latest last:\n      " + String.join("\n      ", heard);
    }

    private void heard(String what) {
        if (!what.isEmpty()) {
            heard.add("%.3f s  %s".formatted(recorder.now() / 1e9, what));
        }
        if (heard.size() > MEMORY) {
            heard.remove();
        }
    }

    /** A frame in a line. */
    private static String brief(JsonNode frame) {
        if (!frame.has("prev")) {
            String text = frame.toString();
            return text.length() > LINE ? text.substring(0, LINE) + "…" : text;
        }
        String message = frame.path("message_id")
                .asString(frame.path("message").path("id").asString(""));
        return "%s %s after %s%s, message %s in chat %s"
                .formatted(
                        frame.path("type").asString(),
                        frame.path("seq"),
                        frame.path("prev"),
                        frame.path("replay").asBoolean(false) ? " as replay" : "",
                        message.substring(message.indexOf('.') + 1),
                        frame.path("chat_id").asString());
    }
}
