package dev.natter.faults;

import dev.natter.faults.Op.Kind;
import dev.natter.faults.Op.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One chat's log against what was asked for and answered there: nothing lost, doubled, disordered, made up. Pure. */
final class LogCheck {
    private final Log log;
    private final List<Op> ops;
    private final Set<Long> heard;
    private final Map<Long, Entry> entries;
    private final List<Violation> found = new ArrayList<>();

    private LogCheck(Log log, List<Op> ops, Set<Long> heard) {
        this.log = log;
        this.ops = ops;
        this.heard = heard;
        this.entries = log.entries().stream().collect(Collectors.toMap(Entry::seq, Function.identity()));
    }

    /**
     * Checks.
     *
     * @param log the chat's log
     * @param ops what was asked for in it
     * @param heard the numbers that devices were told of live
     */
    static List<Violation> check(Log log, List<Op> ops, Set<Long> heard) {
        LogCheck check = new LogCheck(log, ops, heard);
        check.sends();
        check.nothingInvented();
        check.contents();
        check.order();
        check.density();
        return check.found;
    }

    private void sends() {
        Map<String, Long> named = new HashMap<>();
        for (Entry entry : log.entries()) {
            Long twin = entry.text() ? named.put(entry.sender() + " " + entry.name(), entry.seq()) : null;
            if (twin != null) {
                found(Violation.Kind.DUPLICATED, entry.name() + " is in the log as " + twin + " and " + entry.seq());
            }
        }
        for (Op op : ops) {
            if (op.kind() == Kind.SEND && op.outcome() == Outcome.OK) {
                Entry entry = entries.get(op.number());
                if (entry == null || !entry.name().equals(op.name())) {
                    found(Violation.Kind.LOST, "answered as " + op.number() + ", but there is " + entry + ": " + op);
                }
            }
        }
    }

    private void nothingInvented() {
        Map<String, Op> sends = ops.stream()
                .filter(op -> op.kind() == Kind.SEND)
                .collect(Collectors.toMap(op -> op.user() + " " + op.name(), Function.identity()));
        for (Entry entry : log.entries()) {
            Op op = sends.get(entry.sender() + " " + entry.name());
            boolean refused = op != null && op.outcome() == Outcome.REFUSED && op.doubts() == 0;
            if (entry.text() && (op == null || refused)) {
                found(Violation.Kind.INVENTED, "nobody said " + entry + (refused ? ", it was refused" : ""));
            }
        }
    }

    private void contents() {
        Map<Long, List<Op>> byMessage =
                ops.stream().filter(op -> op.kind() != Kind.SEND).collect(Collectors.groupingBy(Op::message));
        Map<String, String> first = ops.stream()
                .filter(op -> op.kind() == Kind.SEND)
                .collect(Collectors.toMap(op -> op.user() + " " + op.name(), Op::content));
        for (Entry entry : log.entries()) {
            String original = first.get(entry.sender() + " " + entry.name());
            if (entry.text() && original != null) {
                content(entry, original, byMessage.getOrDefault(entry.seq(), List.of()));
            }
        }
    }

    private void content(Entry entry, String original, List<Op> changes) {
        List<Op> deletions =
                changes.stream().filter(op -> op.kind() == Kind.DELETE).toList();
        if (entry.deleted() ? deletions.isEmpty() : deletions.stream().anyMatch(op -> op.outcome() == Outcome.OK)) {
            found(
                    entry.deleted() ? Violation.Kind.INVENTED : Violation.Kind.LOST,
                    "deletions " + deletions + " of " + entry);
        }
        if (entry.deleted()) {
            return;
        }
        Set<String> allowed = new HashSet<>();
        TreeMap<Long, String> edits = new TreeMap<>();
        for (Op op : changes) {
            if (op.kind() == Kind.EDIT && op.outcome() == Outcome.OK) {
                edits.put(op.number(), op.content());
            }
            if (op.kind() == Kind.EDIT && (op.doubts() > 0 || op.outcome() == Outcome.UNKNOWN)) {
                allowed.add(op.content());
            }
        }
        allowed.add(edits.isEmpty() ? original : edits.lastEntry().getValue());
        if (!allowed.contains(entry.content())) {
            found(Violation.Kind.LOST, "the log says " + entry + " where only " + allowed + " could be");
        }
    }

    /** What was answered before something else was asked for has the lower number. */
    private void order() {
        TreeMap<Long, Op> numbered = new TreeMap<>();
        for (Op op : ops) {
            if (op.outcome() == Outcome.OK && op.number() > 0) {
                Op twin = numbered.put(op.number(), op);
                if (twin != null) {
                    found(Violation.Kind.DUPLICATED, "one number for " + twin + " and " + op);
                }
            }
        }
        Op earliest = null;
        for (Op op : numbered.descendingMap().values()) {
            if (earliest != null && earliest.answered() < op.invoked()) {
                found(Violation.Kind.REORDERED, earliest + " was answered before " + op + " was asked for");
            }
            earliest = earliest == null || op.answered() < earliest.answered() ? op : earliest;
        }
    }

    /** An edit that went unanswered may have taken a number that nothing shows any more; nothing else may. */
    private void density() {
        Set<Long> known = new HashSet<>(heard);
        log.entries().forEach(entry -> {
            known.add(entry.seq());
            known.add(entry.changed());
        });
        ops.forEach(op -> known.add(op.number()));
        List<Long> missing = new ArrayList<>();
        for (long number = 1; number <= log.seq(); number++) {
            if (!known.contains(number)) {
                missing.add(number);
            }
        }
        int excused = ops.stream().mapToInt(Op::doubts).sum();
        if (missing.size() > excused) {
            found(Violation.Kind.HOLE, "nobody knows the numbers " + missing + " up to " + log.seq());
        }
        List<Long> beyond =
                known.stream().filter(number -> number > log.seq()).sorted().toList();
        if (!beyond.isEmpty()) {
            found(Violation.Kind.LOST, "the log ends at " + log.seq() + ", but " + beyond + " were told or answered");
        }
    }

    private void found(Violation.Kind kind, String what) {
        found.add(new Violation(kind, "chat " + log.chat() + ": " + what));
    }
}
