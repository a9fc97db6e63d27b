package dev.natter.realtime;

/** How an attempt to enter a room ended. */
enum Entry {
    IN,
    /** More has passed than the socket was told; nothing has happened. */
    BEHIND,
    /** The membership may not be true any more; nothing has happened. */
    DOUBTED
}
