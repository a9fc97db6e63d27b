package dev.natter.realtime;

/** A socket's place in a room, given and taken away by the room under its lock. */
final class Seat {
    private final Socket socket;
    private final Room room;
    private volatile boolean taken;
    private volatile long from;
    private boolean typing;
    private long typedAt;

    Seat(Socket socket, Room room) {
        this.socket = socket;
        this.room = room;
    }

    Socket socket() {
        return socket;
    }

    Room room() {
        return room;
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
