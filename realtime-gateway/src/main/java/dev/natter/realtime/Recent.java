package dev.natter.realtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * What a chat's newest changes left behind, so that those who were away are told from memory: the final state of every
 * message that changed above some number, at the number of its last change. A message that changes again moves, so what
 * was deleted or corrected is never told again. Bounded in entries and bytes, together with all other chats.
 *
 * <p>A replayed frame is made when it is first needed and then shared. Its {@code prev} is the number of the entry
 * before it, so it is made again if that one has moved: who holds everything up to any number within memory, and is
 * told all entries above it, never sees a hole. Pure state, guarded by its room.
 */
final class Recent {
    private static final int OVERHEAD = 256;

    private static final class Entry {
        private final Change change;
        private Frame asNew;
        private Frame asUpdate;

        Entry(Change change) {
            this.change = change;
        }

        int bytes() {
            return OVERHEAD + change.frame().size() + made();
        }

        int made() {
            return (asNew == null ? 0 : asNew.size()) + (asUpdate == null ? 0 : asUpdate.size());
        }
    }

    private final int maxEntries;
    private final int maxBytes;
    private final Memory memory;
    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    /** At which number each message stands, by that of its creation. */
    private final Map<Long, Long> places = new HashMap<>();

    private long base;
    private int bytes;

    Recent(int maxEntries, int maxBytes, Memory memory) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
        this.memory = memory;
    }

    /** The number above which everything is remembered. */
    long base() {
        return base;
    }

    /** Remembers nothing but what comes after a number. */
    void begin(long from) {
        forget(entries.size());
        base = from;
    }

    /** Remembers a change, newer than all. */
    void add(Change change) {
        put(change);
        trim();
    }

    /**
     * Remembers what came before, too.
     *
     * @param from the number above which {@code older} is everything
     * @param older the final states up to {@link #base}
     */
    void reachBack(long from, List<Change> older) {
        // What came first until now may name one as the one before that has changed again since it was forgotten.
        unmake(entries.higherEntry(base));
        // While the log was read, a message of it may have changed again and been remembered as it is now.
        older.stream()
                .filter(change -> places.getOrDefault(change.created(), 0L) < change.seq())
                .forEach(this::put);
        base = from;
        trim();
    }

    /** How many entries lie above a number. */
    int countAfter(long at) {
        return entries.tailMap(at, false).size();
    }

    /**
     * Everything after a number, as a replay tells it.
     *
     * @param at the number, {@link #base} or above
     * @param isNew whether a message, by the number of its creation, is new to the one who is told
     */
    List<Frame> after(long at, LongPredicate isNew) {
        var frames = new ArrayList<Frame>();
        Long lower = entries.floorKey(at);
        long prev = lower == null ? base : lower;
        for (Entry entry : entries.tailMap(at, false).values()) {
            frames.add(frame(entry, prev, isNew));
            prev = entry.change.seq();
        }
        trim();
        return frames;
    }

    /** Makes room: forgets the older half. */
    void halve() {
        forget((entries.size() + 1) / 2);
    }

    /** Forgets everything. */
    void clear() {
        forget(entries.size());
    }

    private Frame frame(Entry entry, long prev, LongPredicate isNew) {
        int before = entry.made();
        Frame frame;
        if (isNew.test(entry.change.created())) {
            entry.asNew = entry.asNew == null ? entry.change.replayed(true, prev) : entry.asNew;
            frame = entry.asNew;
        } else {
            entry.asUpdate = entry.asUpdate == null ? entry.change.replayed(false, prev) : entry.asUpdate;
            frame = entry.asUpdate;
        }
        count(entry.made() - before);
        return frame;
    }

    private void put(Change change) {
        if (change.created() > 0) {
            Long before = places.put(change.created(), change.seq());
            if (before != null) {
                remove(before);
            }
        }
        Entry entry = new Entry(change);
        entries.put(change.seq(), entry);
        count(entry.bytes());
        // What lies after it names another one as the one before.
        unmake(entries.higherEntry(change.seq()));
    }

    private void remove(long seq) {
        Entry gone = entries.remove(seq);
        if (gone != null) {
            count(-gone.bytes());
            unmake(entries.higherEntry(seq));
        }
    }

    private void unmake(Map.Entry<Long, Entry> next) {
        if (next != null) {
            Entry entry = next.getValue();
            count(-entry.made());
            entry.asNew = null;
            entry.asUpdate = null;
        }
    }

    private void trim() {
        while (!entries.isEmpty() && (entries.size() > maxEntries || bytes > maxBytes || memory.isFull())) {
            forget(1);
        }
    }

    private void forget(int oldest) {
        for (int i = 0; i < oldest; i++) {
            Entry gone = entries.pollFirstEntry().getValue();
            base = gone.change.seq();
            places.remove(gone.change.created(), gone.change.seq());
            count(-gone.bytes());
        }
    }

    private void count(int more) {
        bytes += more;
        memory.use(more);
    }
}
