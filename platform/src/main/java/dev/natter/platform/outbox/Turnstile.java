package dev.natter.platform.outbox;

import dev.natter.platform.bus.Outgoing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets the events of an aggregate out in the order of their commits. They are written under the aggregate's lock, so
 * whoever writes first commits first; but after their commits two threads may get on in any order. So each takes its
 * turn while it holds the lock, and whoever is done with its commit lets out what is next in turn: its own, and what
 * others had to leave waiting for it. Thread-safe.
 */
final class Turnstile {
    /** What a transaction has for one aggregate. */
    private static final class Turn {
        private final List<Row> rows = new ArrayList<>();
        private boolean over;
    }

    /** What a transaction has for each aggregate. */
    static final class Ticket {
        private final Map<String, Turn> turns = new HashMap<>();

        /** Says where the events lie; before it is known that they are committed. */
        void written(List<Row> rows) {
            rows.forEach(row -> turns.get(aggregate(row.event())).rows.add(row));
        }
    }

    private final Map<String, Deque<Turn>> queues = new HashMap<>();
    private final Consumer<List<Row>> out;

    /**
     * A turnstile.
     *
     * @param out publishes rows, without blocking
     */
    Turnstile(Consumer<List<Row>> out) {
        this.out = out;
    }

    /** Takes a turn for events that are about to be written and committed, while their aggregates are locked. */
    synchronized Ticket enter(List<Outgoing> events) {
        Ticket ticket = new Ticket();
        events.forEach(event -> ticket.turns.computeIfAbsent(aggregate(event), _ -> new Turn()));
        ticket.turns.forEach((aggregate, turn) ->
                queues.computeIfAbsent(aggregate, _ -> new ArrayDeque<>()).add(turn));
        return ticket;
    }

    /** The commit is done. */
    synchronized void committed(Ticket ticket) {
        ticket.turns.forEach(this::over);
    }

    /** There was no commit, or it isn't known whether there was. */
    synchronized void withdraw(Ticket ticket) {
        ticket.turns.forEach((aggregate, turn) -> {
            turn.rows.clear();
            over(aggregate, turn);
        });
    }

    /** Does something while nobody gets through. */
    synchronized void alone(Runnable action) {
        action.run();
    }

    private void over(String aggregate, Turn turn) {
        turn.over = true;
        Deque<Turn> queue = queues.get(aggregate);
        for (Turn next = queue.peek(); next != null && next.over; next = queue.peek()) {
            out.accept(queue.remove().rows);
        }
        if (queue.isEmpty()) {
            queues.remove(aggregate);
        }
    }

    /** An event's subject but for its last token names what it happened to. */
    private static String aggregate(Outgoing event) {
        String subject = event.subject();
        return subject.substring(0, Math.max(0, subject.lastIndexOf('.')));
    }
}
