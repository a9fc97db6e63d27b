package dev.natter.faults;

import dev.natter.faults.Violation.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the server owes one connection: in each chat every change after the number that it was joined at, in order, none
 * twice, and nothing live before the replay is over. Stricter than the client's rule, which would forgive. Used by the
 * connection's reader.
 */
final class WireOrder {
    private static final class Stand {
        /** Up to where the server has told; negative before it has told anything. */
        private long last = -1;

        private long since = -1;
        /** Whether an answer must come before anything live. */
        private boolean asked;
        /** Whether a replay may begin. */
        private boolean awaited;
    }

    private final Map<String, Stand> stands = new HashMap<>();

    /**
     * The client is about to ask to be let in.
     *
     * @param chat where
     * @param since what it holds
     * @param among whether it asks for other chats with the same frame: then this one may be live before the answer
     */
    void asking(String chat, long since, boolean among) {
        Stand stand = stands.computeIfAbsent(chat, _ -> new Stand());
        stand.asked = !among;
        stand.awaited = true;
        stand.since = since;
        stand.last = among && stand.last < 0 ? since : stand.last;
    }

    /** The server has let the client in, and has told everything up to this number. */
    void joined(String chat, long seq) {
        Stand stand = stands.computeIfAbsent(chat, _ -> new Stand());
        stand.last = Math.max(seq, stand.last);
        stand.asked = false;
        stand.awaited = false;
    }

    /** The server has let the client in, and tells only what follows this number. */
    void joinedAnew(String chat, long seq) {
        stands.remove(chat);
        joined(chat, seq);
    }

    /** The server will tell no more. */
    void left(String chat) {
        stands.remove(chat);
    }

    /** A change of a chat. */
    Optional<Violation> change(String chat, JsonNode frame) {
        Stand stand = stands.get(chat);
        long seq = frame.path("seq").asLong();
        long prev = frame.path("prev").asLong();
        if (stand == null) {
            return broken(Kind.REORDERED, "live before it was joined", frame);
        }
        boolean replay = frame.path("replay").asBoolean(false);
        if (stand.awaited && replay) {
            stand.awaited = false;
            stand.last = stand.since;
        }
        if (stand.asked && !replay && (!stand.awaited || stand.last < 0)) {
            return broken(Kind.REORDERED, "live before its replay was over", frame);
        }
        long last = stand.last;
        stand.last = Math.max(last, seq);
        if (seq <= last) {
            return broken(Kind.DUPLICATED, "told again after " + last, frame);
        }
        if (prev > last) {
            return broken(Kind.HOLE, "told after " + last, frame);
        }
        return Optional.empty();
    }

    private static Optional<Violation> broken(Kind kind, String what, JsonNode frame) {
        return Optional.of(new Violation(kind, what + " " + frame));
    }
}
