package dev.natter.faults;

import java.util.List;

/**
 * A chat's log as it was read in the end.
 *
 * @param chat the chat
 * @param seq where it stands
 * @param entries its messages, by the numbers of their creation
 */
record Log(String chat, long seq, List<Entry> entries) {
    /** Copies. */
    Log {
        entries = entries.stream()
                .sorted(java.util.Comparator.comparingLong(Entry::seq))
                .toList();
    }
}
