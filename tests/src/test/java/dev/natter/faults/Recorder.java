package dev.natter.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

/** Writes down what happens, as it happens. Thread-safe. */
final class Recorder {
    private final long begin = System.nanoTime();
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Op> ops = new ConcurrentHashMap<>();
    private final Queue<Seat> seats = new ConcurrentLinkedQueue<>();
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final Queue<Span> troubled = new ConcurrentLinkedQueue<>();
    private final Queue<Span> effects = new ConcurrentLinkedQueue<>();
    private final Queue<Violation> violations = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> longest = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

    /** Nanoseconds since the begin; never 0. */
    long now() {
        return System.nanoTime() - begin + 1;
    }

    long begin(Op op) {
        long id = ids.incrementAndGet();
        ops.put(id, op);
        return id;
    }

    void update(long id, UnaryOperator<Op> change) {
        ops.computeIfPresent(id, (_, op) -> change.apply(op));
    }

    void seat(Seat seat) {
        seats.add(seat);
    }

    void seen(Seen one) {
        seen.add(one);
    }

    void troubled(Span span) {
        troubled.add(span);
    }

    void broken(Violation violation) {
        violations.add(violation);
    }

    /** What was found while it happened. */
    List<Violation> violations() {
        return List.copyOf(violations);
    }

    void count(String what) {
        counts.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }

    void count(String what, long times) {
        counts.computeIfAbsent(what, _ -> new LongAdder()).add(times);
    }

    /** A removal was answered, and then took effect. */
    void effect(Span span) {
        effects.add(span);
    }

    /** How long removals took to take effect, at most, while nothing was broken; nanoseconds. */
    long longestEffect() {
        return effects.stream()
                .filter(effect -> troubled.stream().noneMatch(span -> span.meets(effect.from(), effect.to())))
                .mapToLong(effect -> effect.to() - effect.from())
                .max()
                .orElse(0);
    }

    /** Keeps the greatest of some measure. */
    void longest(String what, long value) {
        longest.merge(what, value, Math::max);
    }

    Map<String, Long> longest() {
        return longest;
    }

    Map<String, LongAdder> counts() {
        return counts;
    }

    /** How many sends were answered. */
    long answered() {
        return ops.values().stream()
                .filter(op -> op.kind() == Op.Kind.SEND && op.outcome() == Op.Outcome.OK)
                .count();
    }

    History history() {
        return new History(
                new ArrayList<>(ops.values()),
                new ArrayList<>(seats),
                new ArrayList<>(seen),
                new ArrayList<>(troubled));
    }
}
