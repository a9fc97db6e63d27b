package dev.natter.platform.outbox;

import dev.natter.platform.bus.Outgoing;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Lets the events of an aggregate out in the order of their commits. They are written under the aggregate's lock, so
 * whoever writes first commits first; but after their commits two threads may get on in any order. So each takes its
 * turn while it holds the lock, and whoever is done with its commit lets out what is next in turn: its own, and what
 * others had to leave waiting for it. What one transaction has goes out as a whole, when its turn has come with all
 * that it is about. Thread-safe.
 */
final class Turnstile {
    /** A transaction's turn with each of its aggregates. */
    static final class Ticket {
        private final Set<String> aggregates;
        private List<Row> rows = List.of();
        private boolean over;

        private Ticket(Set<String> aggregates) {
            this.aggregates = aggregates;
        }

        /** Says where the events lie; before it is known that they are committed. */
        void written(List<Row> written) {
            rows = written;
        }
    }

    private final Map<String, Deque<Ticket>> queues = new HashMap<>();
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
        Ticket ticket = new Ticket(events.stream().map(Turnstile::aggregate).collect(Collectors.toUnmodifiableSet()));
        ticket.aggregates.forEach(aggregate ->
                queues.computeIfAbsent(aggregate, _ -> new ArrayDeque<>()).add(ticket));
        return ticket;
    }

    /** The commit is done. */
    synchronized void committed(Ticket ticket) {
        ticket.over = true;
        letOut(new ArrayDeque<>(List.of(ticket)));
    }

    /** There was no commit, or it isn't known whether there was. */
    synchronized void withdraw(Ticket ticket) {
        letOut(leave(ticket));
    }

    /** Does something while nobody gets through. */
    synchronized void alone(Runnable action) {
        action.run();
    }

    private void letOut(Deque<Ticket> perhaps) {
        for (Ticket ticket = perhaps.poll(); ticket != null; ticket = perhaps.poll()) {
            if (ticket.over && isNext(ticket)) {
                out.accept(ticket.rows);
                perhaps.addAll(leave(ticket));
            }
        }
    }

    /** Gives all its turns back; those who are next now. */
    private Deque<Ticket> leave(Ticket ticket) {
        Deque<Ticket> next = new ArrayDeque<>();
        for (String aggregate : ticket.aggregates) {
            Deque<Ticket> queue = queues.get(aggregate);
            queue.remove(ticket);
            if (queue.isEmpty()) {
                queues.remove(aggregate);
            } else {
                next.add(queue.peek());
            }
        }
        return next;
    }

    /** Whether it is its turn with all of its aggregates; never again once it is through. */
    private boolean isNext(Ticket ticket) {
        return ticket.aggregates.stream().map(queues::get).allMatch(queue -> queue != null && queue.peek() == ticket);
    }

    /** An event's subject but for its last token names what it happened to. */
    private static String aggregate(Outgoing event) {
        String subject = event.subject();
        return subject.substring(0, Math.max(0, subject.lastIndexOf('.')));
    }
}
