package dev.natter.faults;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Up to where users have marked chats as read for sure, since they last came in. Thread-safe. */
final class Marks {
    private final Map<String, Long> marks = new ConcurrentHashMap<>();

    void marked(String user, String chat, long seq) {
        marks.merge(user + " " + chat, seq, Math::max);
    }

    /** Who leaves takes nothing along. */
    void left(String user, String chat) {
        marks.remove(user + " " + chat);
    }

    long of(String user, String chat) {
        return marks.getOrDefault(user + " " + chat, 0L);
    }
}
