package dev.natter.realtime;

import dev.natter.contracts.Internal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The way through what a box missed, page by page. Used by one thread. */
final class BoxReading {
    /** What was told as new: a chat that changes while the pages are turned comes again, and isn't new then. */
    private final Set<UUID> told = new HashSet<>();

    private final long since;
    private long at;

    BoxReading(long since) {
        this.since = since;
        this.at = since;
    }

    /** Up to where it has come. */
    long at() {
        return at;
    }

    /** What a page says, in the forms in which the user's clients get it. */
    List<Notice> read(Internal.Box page) {
        var notices = new ArrayList<Notice>(page.entries().size());
        for (Internal.BoxEntry entry : page.entries()) {
            boolean left = entry.chatType() == null;
            if (left) {
                told.remove(entry.chatId());
            }
            boolean isNew = !left && entry.joinedSeq() > since && told.add(entry.chatId());
            notices.add(Notice.replayed(entry, at, isNew));
            at = entry.userSeq();
        }
        at = page.more() ? at : Math.max(at, page.userSeq());
        return notices;
    }
}
