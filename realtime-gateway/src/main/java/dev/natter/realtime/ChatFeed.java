package dev.natter.realtime;

import dev.natter.realtime.Backfill.Page;
import dev.natter.realtime.Backfill.Reading;
import java.util.ArrayList;
import java.util.List;

/**
 * A chat's changes as they are known here: in order by its {@link Feed}, and those that passed not long ago, or were
 * read from the log at one go, in {@link Recent}. Pure state, guarded by its room.
 */
final class ChatFeed {
    private static final int MAX_WAITING = 1024;

    /**
     * What is to be read from the log.
     *
     * @param from since which number
     * @param holds up to which number every member here holds everything
     */
    record Fill(long from, long holds) {}

    private final Feed<Change> feed = new Feed<>(MAX_WAITING);
    private final Recent recent;
    private final int reach;
    private List<Change> older;
    private Fill fill;
    private long baseAtFill;
    /** A message that changes while pages are turned is missing in memory until the page that tells its final state. */
    private boolean torn;

    /**
     * A feed that knows nothing yet.
     *
     * @param recent what it remembers
     * @param reach how many numbers back it makes sense to remember
     */
    ChatFeed(Recent recent, int reach) {
        this.recent = recent;
        this.reach = reach;
    }

    /** Up to where changes have been let through; negative while not even the head is known. */
    long applied() {
        return feed.applied();
    }

    /** NATS brought a change. */
    List<Change> arrived(Change change) {
        return remembered(feed.arrived(change));
    }

    /** The log was seen to stand at a number. The first time, that is where this feed begins. */
    List<Change> head(long seq) {
        if (feed.applied() < 0) {
            recent.begin(seq);
        }
        return remembered(feed.head(seq));
    }

    /** Whether something is missing that nobody is fetching. */
    boolean hasHole() {
        return feed.hasHole();
    }

    /** Whether a change has arrived that can't be let through before a hole is filled. */
    boolean isHeldUp() {
        return feed.isHeldUp();
    }

    /** Whether the log is being read. */
    boolean isFilling() {
        return fill != null;
    }

    /** Whether what a reader lacks between two numbers is remembered. */
    boolean covers(long since, long upTo) {
        if (since >= feed.applied() && since >= upTo) {
            return true;
        }
        return !torn && since >= recent.base() && feed.applied() >= upTo;
    }

    /** Whether a number is so far back that it isn't worth remembering what came after it. */
    boolean isTooFar(long since) {
        return since < feed.applied() - reach;
    }

    /**
     * Begins to read from the log what is missing, if anything is, and what came before.
     *
     * @param wanted since which number everything should be remembered
     * @return what to read; null if somebody is at it, or nothing is known yet
     */
    Fill beginFill(long wanted) {
        if (feed.beginFill().isEmpty()) {
            return null;
        }
        baseAtFill = recent.base();
        older = new ArrayList<>();
        long from = wanted < baseAtFill ? Math.max(0, feed.applied() - reach) : feed.applied();
        fill = new Fill(Math.min(from, feed.applied()), feed.applied());
        return fill;
    }

    /** A page of it was read; the last one ends the filling. */
    List<Change> filled(Page page) {
        page.changes().stream().filter(change -> change.seq() <= baseAtFill).forEach(older::add);
        List<Change> out = remembered(feed.filled(page.changes(), page.upTo(), page.last()));
        torn = !page.last();
        if (page.last()) {
            if (fill.from() < baseAtFill && recent.base() == baseAtFill) {
                recent.reachBack(fill.from(), older);
            }
            end();
        }
        return out;
    }

    /** The log couldn't be read; what lies before the hole still goes through. */
    List<Change> fillFailed() {
        end();
        return remembered(feed.fillFailed());
    }

    /** How many changes a reader lacks; only if {@link #covers} them. */
    int lacking(long at) {
        return recent.countAfter(at);
    }

    /** What a reader lacks, who lacks nothing then; only if {@link #covers} it. */
    List<Frame> recall(Reading reading) {
        if (reading.at() >= feed.applied()) {
            return List.of();
        }
        List<Frame> frames = recent.after(reading.at(), reading::isNew);
        reading.toldUpTo(feed.applied());
        return frames;
    }

    /** Forgets the older half of what is remembered. */
    void halve() {
        recent.halve();
    }

    /** Forgets what is remembered. */
    void forget() {
        recent.clear();
    }

    private void end() {
        fill = null;
        older = null;
    }

    private List<Change> remembered(List<Change> changes) {
        changes.forEach(recent::add);
        return changes;
    }
}
