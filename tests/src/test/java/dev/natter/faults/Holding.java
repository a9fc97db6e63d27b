package dev.natter.faults;

import java.util.Map;

/**
 * What a device holds of a chat in the end.
 *
 * @param device the device
 * @param user whose it is
 * @param chat the chat
 * @param local the last number that it applied
 * @param from from which number on it holds every message
 * @param entries the messages it would show, by the numbers of their creation
 */
record Holding(String device, String user, String chat, long local, long from, Map<Long, Entry> entries) {
    /** Copies. */
    Holding {
        entries = Map.copyOf(entries);
    }
}
