package dev.natter.conformance;

import dev.natter.conformance.Step.Verdict;
import dev.natter.conformance.Timeline.Link;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** The chats that a client follows: which to join and load when, and what their frames lead to. */
final class Following {
    private final Map<String, Timeline> timelines = new TreeMap<>();
    private String epoch;
    private int chatsPerFrame;
    private boolean connected;

    Map<String, Timeline> timelines() {
        return timelines;
    }

    Step follow(String chatId) {
        Timeline timeline = timelines.computeIfAbsent(chatId, _ -> new Timeline());
        timeline.opened();
        return timeline.isLoading() ? Step.of(Verdict.APPLIED, new Action.Load(chatId)) : Step.of(Verdict.OLD);
    }

    void drop(String chatId) {
        timelines.remove(chatId);
    }

    void dropUnless(Predicate<String> known) {
        timelines.keySet().removeIf(known.negate());
    }

    /** Connected: everything held is joined since what is held, in as few frames as may be. */
    List<Action> hello(String dataset, int limit) {
        connected = true;
        epoch = dataset == null ? epoch : dataset;
        chatsPerFrame = limit;
        List<Action> next = joins(timeline -> timeline.local() >= 0, 0);
        timelines.forEach((chatId, timeline) -> {
            if (timeline.isLoading()) {
                next.add(new Action.Load(chatId));
            }
        });
        return next;
    }

    void closed() {
        connected = false;
        timelines.values().forEach(Timeline::off);
    }

    /**
     * The list tells that something happened to chats, and frames that would have told it were missed: the user may
     * have been removed and let in again, and who was removed is in no chat's audience until they join anew.
     */
    List<Action> again(Set<String> chatIds) {
        var changed = new HashSet<Timeline>();
        chatIds.forEach(chatId -> changed.add(timelines.get(chatId)));
        return joins(timeline -> timeline.link() == Link.LIVE && changed.contains(timeline), 0);
    }

    /** A change of a chat, and the message that it tells of, if this client understands it. */
    Step change(String chatId, long seq, long prev, Message told) {
        Timeline timeline = timelines.get(chatId);
        if (timeline == null) {
            return Step.of(Verdict.IGNORED);
        }
        Verdict verdict = timeline.change(seq, prev, told);
        boolean ask = verdict == Verdict.HOLE && timeline.local() >= 0 && timeline.link() != Link.JOINING;
        return ask ? Step.of(verdict, join(chatId, timeline)) : Step.of(verdict);
    }

    /** A live change is about to be told of a chat that the user is in: it is followed from there on, if it wasn't. */
    void beginBefore(String chatId, long prev) {
        timelines.computeIfAbsent(chatId, _ -> new Timeline()).beginBefore(prev, epoch);
    }

    /**
     * A join was answered, or the server joined the chat by itself. A socket loses nothing, so a mark beyond what its
     * replay told can't be; if it is, the rest is asked for while that brings anything, and else the chat is loaded.
     */
    Step joined(String chatId, long seq, boolean ours) {
        Timeline timeline = timelines.computeIfAbsent(chatId, _ -> new Timeline());
        Verdict verdict = timeline.joined(seq, epoch, ours);
        if (verdict != Verdict.HOLE) {
            return Step.of(verdict);
        }
        if (timeline.link() != Link.JOINING || ours && timeline.hasAdvanced()) {
            return Step.of(verdict, join(chatId, timeline));
        }
        return ours ? resync(chatId, seq) : Step.of(verdict);
    }

    Step joinedMany(JsonNode frame) {
        var next = new ArrayList<Action>();
        var verdict = Verdict.IGNORED;
        for (var chat : frame.path("chats").properties()) {
            Step step = joined(chat.getKey(), chat.getValue().asLong(), frame.has("ref"));
            next.addAll(step.next());
            verdict = step.verdict() == Verdict.HOLE || verdict == Verdict.IGNORED ? step.verdict() : verdict;
        }
        return new Step(verdict, next);
    }

    Step resync(String chatId, long seq) {
        timelines.computeIfAbsent(chatId, _ -> new Timeline()).resync(seq, epoch);
        return Step.of(Verdict.APPLIED, new Action.Load(chatId));
    }

    /**
     * The join of one chat, or of many, was refused, but may be tried again. Not those that another join asks for: they
     * would be told twice what they missed. A chat's own id is always meant: a client may ask for many one by one.
     */
    Step refused(String ref, long afterMs) {
        Timeline named = timelines.get(ref);
        List<Action> next = joins(
                timeline -> timeline.isJoining(ref) || timeline == named && timeline.link() == Link.JOINING, afterMs);
        return new Step(next.isEmpty() ? Verdict.IGNORED : Verdict.APPLIED, next);
    }

    Step page(Page page) {
        Timeline timeline = timelines.get(page.chatId());
        if (timeline == null) {
            return Step.of(Verdict.IGNORED);
        }
        Verdict verdict = timeline.page(page);
        if (verdict == Verdict.HOLE) {
            return Step.of(verdict, new Action.Load(page.chatId()));
        }
        return connected && timeline.link() == Link.OFF
                ? Step.of(verdict, join(page.chatId(), timeline))
                : Step.of(verdict);
    }

    Step changes(String chatId, long since, JsonNode answer) {
        Timeline timeline = timelines.get(chatId);
        if (timeline == null || timeline.local() < 0) {
            return Step.of(Verdict.IGNORED);
        }
        boolean restored = !answer.path("epoch").asString("").equals(timeline.epoch())
                || answer.path("seq").asLong() < since;
        if (restored) {
            drop(chatId);
            return follow(chatId);
        }
        Verdict verdict = timeline.changes(since, answer);
        return answer.path("more").asBoolean(false)
                ? Step.of(verdict, new Action.Fetch(chatId, timeline.local()))
                : Step.of(verdict);
    }

    private Action join(String chatId, Timeline timeline) {
        return joining(Action.Join.one(chatId, timeline.local(), timeline.epoch()));
    }

    private Action joining(Action.Join join) {
        join.since().keySet().forEach(chatId -> timelines.get(chatId).joining(join.ref()));
        return join;
    }

    private List<Action> joins(Predicate<Timeline> wanted, long afterMs) {
        var next = new ArrayList<Action>();
        var byEpoch = new TreeMap<String, TreeMap<String, Long>>();
        timelines.forEach((chatId, timeline) -> {
            if (wanted.test(timeline)) {
                var chats = byEpoch.computeIfAbsent(timeline.epoch(), _ -> new TreeMap<>());
                chats.put(chatId, timeline.local());
                if (chats.size() == chatsPerFrame) {
                    next.add(joining(new Action.Join(timeline.epoch(), byEpoch.remove(timeline.epoch()), afterMs)));
                }
            }
        });
        byEpoch.forEach((dataset, chats) -> next.add(joining(new Action.Join(dataset, chats, afterMs))));
        return next;
    }
}
