package dev.natter.platform.http;

import java.util.UUID;

/**
 * A line of the access log; its path has no query, since that may hold a token.
 *
 * @param listener {@code public} or {@code internal}
 * @param ms how long the answer took
 * @param address the client's
 * @param user who it was, or null
 */
record Access(String listener, String method, String path, int status, long ms, String address, UUID user) {
    @Override
    public String toString() {
        return listener + " " + method + " " + path + " status=" + status + " ms=" + ms + " address=" + address
                + " user=" + (user == null ? "-" : user);
    }
}
