package dev.natter.realtime;

/** A socket's place in a room, given and taken away by the room under its lock. */
final class Seat {
    private final Socket socket;
    private final Room room;
    private final long trusted;
    private volatile boolean taken;
    private volatile long from;
    private boolean typing;
    private long typedAt;

    /**
     * A place that isn't taken yet.
     *
     * @param trusted the chat's version that its user's membership is known to be true for
     */
    Seat(Socket socket, Room room, long trusted) {
        this.socket = socket;
        this.room = room;
        this.trusted = trusted;
    }

    Socket socket() {
        return socket;
    }

    Room room() {
        return room;
    }

    /** Whether what happened to the chat at a version can concern it; older news is told again after a gap. */
    boolean isConcernedBy(long version) {
        return trusted < version;
    }

    /** Whether the socket still sits here: the room may have been told that its user is no member any more. */
    boolean isTaken() {
        return taken;
    }

    /** The number after which everything is for this socket. */
    long from() {
        return from;
    }

    void take(long number) {
        from = number;
        taken = true;
    }

    void lose() {
        taken = false;
    }

    /**
     * Its user types or has stopped; used by the socket's thread.
     *
     * @return whether that counts
     */
    boolean type(boolean isTyping, long now, long intervalNanos) {
        boolean again = typing && now - typedAt < intervalNanos;
        if (isTyping ? again : !typing) {
            return false;
        }
        typing = isTyping;
        typedAt = now;
        return true;
    }
}
