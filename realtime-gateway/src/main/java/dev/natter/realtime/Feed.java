package dev.natter.realtime;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Turns what NATS brings of one log (late, twice, out of order, or not at all) into the log's entries in order, each
 * once. The next number is let through; an old one is dropped; one beyond a hole waits until the hole is filled from
 * the log. While that is being done everything waits: the log tells final states, and mixing them with single changes
 * would tell a client of the same change twice.
 *
 * <p>Pure state, guarded by its owner: what comes out of each method is to be delivered, in that order.
 *
 * @param <T> the log's entries
 */
final class Feed<T extends Numbered> {
    private static final long UNKNOWN = -1;

    private final int maxWaiting;
    private TreeMap<Long, T> waiting;
    private long applied = UNKNOWN;
    private long known;
    private long knownAtFill;
    private boolean filling;

    /**
     * A feed that knows nothing yet.
     *
     * @param maxWaiting how many entries may wait beyond a hole; further ones are left to the filling
     */
    Feed(int maxWaiting) {
        this.maxWaiting = maxWaiting;
    }

    /** Up to where entries have been let through; negative while not even the head is known. */
    long applied() {
        return applied;
    }

    /** NATS brought an entry. */
    List<T> arrived(T entry) {
        if (entry.seq() <= applied || entry.seq() < 1) {
            return List.of();
        }
        known = Math.max(known, entry.seq());
        if (!filling && entry.seq() == applied + 1 && applied != UNKNOWN) {
            var out = new ArrayList<T>(1);
            apply(entry, out);
            drain(out);
            return out;
        }
        if (waiting == null) {
            waiting = new TreeMap<>();
        }
        if (waiting.size() < maxWaiting) {
            waiting.putIfAbsent(entry.seq(), entry);
        }
        return List.of();
    }

    /** The log was seen to stand at a number. The first time, that is where this feed begins. */
    List<T> head(long seq) {
        known = Math.max(known, seq);
        if (applied != UNKNOWN) {
            return List.of();
        }
        applied = seq;
        forgetUpTo(seq);
        var out = new ArrayList<T>();
        drain(out);
        return out;
    }

    /** Whether something is missing that nobody is fetching. */
    boolean hasHole() {
        return applied != UNKNOWN && known > applied && !filling;
    }

    /** Whether an entry has arrived that can't be let through before a hole is filled. */
    boolean isHeldUp() {
        return applied != UNKNOWN && waiting != null && !filling;
    }

    /**
     * Begins to fill from the log, whether a hole is known or not.
     *
     * @return since which number entries are to be fetched; empty if somebody is at it, or nothing is known yet
     */
    OptionalLong beginFill() {
        if (filling || applied == UNKNOWN) {
            return OptionalLong.empty();
        }
        filling = true;
        knownAtFill = known;
        return OptionalLong.of(applied);
    }

    /**
     * A page of the log was fetched.
     *
     * @param entries the entries, in order
     * @param upTo the number that they bring the feed to
     * @param last whether the log has no more; ends the filling
     */
    List<T> filled(List<T> entries, long upTo, boolean last) {
        var out = new ArrayList<T>(entries.size());
        for (T entry : entries) {
            if (entry.seq() > applied) {
                apply(entry, out);
            }
        }
        if (upTo > applied) {
            applied = upTo;
        }
        forgetUpTo(applied);
        if (last) {
            filling = false;
            forgetWhatTheLogDenies();
            drain(out);
        }
        return out;
    }

    /** The log couldn't be read; what lies before the hole still goes through. */
    List<T> fillFailed() {
        filling = false;
        var out = new ArrayList<T>();
        drain(out);
        return out;
    }

    // Events are published after their commit, so one that had arrived before the log was read and that the log still
    // doesn't know is not of this log.
    private void forgetWhatTheLogDenies() {
        forgetUpTo(knownAtFill);
        if (known <= knownAtFill) {
            known = applied;
        }
    }

    private void forgetUpTo(long seq) {
        if (waiting != null) {
            waiting.headMap(seq, true).clear();
            waiting = waiting.isEmpty() ? null : waiting;
        }
    }

    private void drain(List<T> out) {
        while (waiting != null && waiting.firstKey() == applied + 1) {
            apply(waiting.pollFirstEntry().getValue(), out);
            waiting = waiting.isEmpty() ? null : waiting;
        }
    }

    private void apply(T entry, List<T> out) {
        applied = entry.seq();
        known = Math.max(known, applied);
        out.add(entry);
    }
}
