package dev.natter.realtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Turns what NATS brings of one chat (late, twice, out of order, or not at all) into the chat's changes in order, each
 * once. The next number is let through; an old one is dropped; one beyond a hole waits until the hole is filled from
 * the log. While that is being done everything waits: the log tells final states, and mixing them with single changes
 * would tell a client of the same change twice.
 *
 * <p>Pure state, guarded by its room: what comes out of each method is to be delivered, in that order.
 */
final class ChatFeed {
    private static final long UNKNOWN = -1;

    private final int maxRecent;
    private final int maxWaiting;
    private final ArrayDeque<Change> recent = new ArrayDeque<>();
    private final TreeMap<Long, Change> waiting = new TreeMap<>();
    private long recentBase = UNKNOWN;
    private long applied = UNKNOWN;
    private long known;
    private long knownAtFill;
    private boolean filling;

    /**
     * A feed that knows nothing yet.
     *
     * @param maxRecent how many delivered changes are remembered
     * @param maxWaiting how many changes may wait beyond a hole; further ones are left to the filling
     */
    ChatFeed(int maxRecent, int maxWaiting) {
        this.maxRecent = maxRecent;
        this.maxWaiting = maxWaiting;
    }

    /** Up to where changes have been let through; negative while not even the head is known. */
    long applied() {
        return applied;
    }

    /** NATS brought a change. */
    List<Change> arrived(Change change) {
        if (change.seq() <= applied || change.seq() < 1) {
            return List.of();
        }
        known = Math.max(known, change.seq());
        if (!filling && change.seq() == applied + 1 && applied != UNKNOWN) {
            var out = new ArrayList<Change>(1);
            apply(change, out);
            drain(out);
            return out;
        }
        if (waiting.size() < maxWaiting) {
            waiting.putIfAbsent(change.seq(), change);
        }
        return List.of();
    }

    /** The log was seen to stand at a number. The first time, that is where this feed begins. */
    List<Change> head(long seq) {
        known = Math.max(known, seq);
        if (applied != UNKNOWN) {
            return List.of();
        }
        applied = seq;
        recentBase = seq;
        waiting.headMap(seq, true).clear();
        var out = new ArrayList<Change>();
        drain(out);
        return out;
    }

    /** Whether something is missing that nobody is fetching. */
    boolean hasHole() {
        return applied != UNKNOWN && known > applied && !filling;
    }

    /** Whether a change has arrived that can't be let through before a hole is filled. */
    boolean isHeldUp() {
        return applied != UNKNOWN && !waiting.isEmpty() && !filling;
    }

    /**
     * Begins to fill from the log, whether a hole is known or not.
     *
     * @return since which number changes are to be fetched; empty if somebody is at it, or nothing is known yet
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
     * @param changes the changes, in order
     * @param upTo the number that they bring the feed to
     * @param last whether the log has no more; ends the filling
     */
    List<Change> filled(List<Change> changes, long upTo, boolean last) {
        var out = new ArrayList<Change>(changes.size());
        for (Change change : changes) {
            if (change.seq() > applied) {
                apply(change, out);
            }
        }
        if (upTo > applied) {
            applied = upTo;
        }
        waiting.headMap(applied, true).clear();
        if (last) {
            filling = false;
            forgetWhatTheLogDenies();
            drain(out);
        }
        return out;
    }

    /** The log couldn't be read; what lies before the hole still goes through. */
    List<Change> fillFailed() {
        filling = false;
        var out = new ArrayList<Change>();
        drain(out);
        return out;
    }

    /**
     * The changes after a number, from memory.
     *
     * @param since the number
     * @return the changes, or null if memory doesn't reach back that far
     */
    List<Change> after(long since) {
        if (since >= applied) {
            return List.of();
        }
        if (since < recentBase) {
            return null;
        }
        return recent.stream().filter(change -> change.seq() > since).toList();
    }

    // Events are published after their commit, so one that had arrived before the log was read and that the log still
    // doesn't know is not of this log.
    private void forgetWhatTheLogDenies() {
        waiting.headMap(knownAtFill, true).clear();
        if (known <= knownAtFill) {
            known = applied;
        }
    }

    private void drain(List<Change> out) {
        while (!waiting.isEmpty() && waiting.firstKey() == applied + 1) {
            apply(waiting.pollFirstEntry().getValue(), out);
        }
    }

    private void apply(Change change, List<Change> out) {
        applied = change.seq();
        known = Math.max(known, applied);
        recent.add(change);
        if (recent.size() > maxRecent) {
            recentBase = recent.poll().seq();
        }
        out.add(change);
    }
}
