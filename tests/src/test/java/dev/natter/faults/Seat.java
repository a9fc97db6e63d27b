package dev.natter.faults;

/**
 * Somebody was let into a chat, or out of it.
 *
 * @param user who
 * @param chat which
 * @param in whether in
 * @param invoked when it was first asked for
 * @param answered when it was done for sure
 */
record Seat(String user, String chat, boolean in, long invoked, long answered) {
    @Override
    public String toString() {
        return "%s was let %s chat %s (asked for at %.3f s, answered at %.3f s)"
                .formatted(user, in ? "into" : "out of", chat, invoked / 1e9, answered / 1e9);
    }
}
