package dev.natter.faults;

import dev.natter.faults.Violation.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What was promised, against what was asked, answered and heard. Pure. */
final class Checker {
    private Checker() {}

    /**
     * Checks a whole run.
     *
     * @param history what happened
     * @param logs every chat as it was in the end
     * @param holdings what the devices of its members hold
     * @param counts what its members are told of unread messages
     * @return every broken promise
     */
    static List<Violation> check(History history, List<Log> logs, List<Holding> holdings, List<Count> counts) {
        List<Violation> found = new ArrayList<>();
        Map<String, List<Op>> ops = history.ops().stream().collect(Collectors.groupingBy(Op::chat));
        Map<String, Set<Long>> heard = history.seen().stream()
                .filter(seen -> seen.asked() == 0)
                .collect(Collectors.groupingBy(
                        Seen::chat, Collectors.mapping(Seen::number, Collectors.toCollection(HashSet::new))));
        for (Log log : logs) {
            found.addAll(LogCheck.check(
                    log, ops.getOrDefault(log.chat(), List.of()), heard.getOrDefault(log.chat(), Set.of())));
        }
        Map<String, Log> byChat = logs.stream().collect(Collectors.toMap(Log::chat, Function.identity()));
        holdings.forEach(holding -> found.addAll(held(holding, byChat.get(holding.chat()))));
        counts.forEach(count -> found.addAll(counted(count, byChat.get(count.chat()))));
        found.addAll(AuthorityCheck.check(history));
        return found;
    }

    /** A client that followed the rule holds what the log says: all of it, and nothing else. */
    static List<Violation> held(Holding holding, Log log) {
        List<Violation> found = new ArrayList<>();
        String who = holding.device() + " in chat " + holding.chat() + ": ";
        if (holding.local() < log.seq()) {
            found.add(new Violation(Kind.LOST, who + "stands at " + holding.local() + ", the log at " + log.seq()));
        }
        Set<Long> extra = new HashSet<>(holding.entries().keySet());
        for (Entry entry : log.entries()) {
            extra.remove(entry.seq());
            Entry shown = holding.entries().get(entry.seq());
            if (shown == null && (entry.deleted() || entry.seq() < holding.from())) {
                // Never heard of, or not scrolled back to.
                continue;
            }
            if (shown == null) {
                found.add(new Violation(Kind.LOST, who + "doesn't hold " + entry));
            } else if (!shown.shows(entry)) {
                found.add(new Violation(Kind.HOLE, who + "shows " + shown + " where the log says " + entry));
            }
        }
        extra.forEach(seq -> found.add(new Violation(
                Kind.INVENTED, who + "shows " + holding.entries().get(seq) + ", which isn't in the log")));
        return found;
    }

    /** Unread is what counting says: others' messages after the position that were said and not deleted. */
    static List<Violation> counted(Count count, Log log) {
        long unread = log.entries().stream()
                .filter(entry -> entry.seq() > count.position() && entry.text() && !entry.deleted())
                .filter(entry -> !entry.sender().equals(count.user()))
                .count();
        List<Violation> found = new ArrayList<>();
        if (Math.min(unread, 1000) != count.unread()) {
            found.add(new Violation(Kind.MISCOUNTED, "counting gives " + unread + ", but " + count));
        }
        if (count.position() < count.marked()) {
            found.add(new Violation(Kind.MISCOUNTED, "marked as read up to more than " + count));
        }
        return found;
    }
}
