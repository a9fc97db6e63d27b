package dev.natter.realtime;

/** Why a socket is closed: RFC 6455, section 7.4.1, and Natter's own from 4000. */
enum CloseCode {
    NORMAL(1000, "normal"),
    GOING_AWAY(1001, "going away"),
    PROTOCOL(1002, "protocol error"),
    NOT_UTF_8(1007, "not UTF-8"),
    TOO_LARGE(1009, "frame too large"),
    RESTART(1012, "restart"),
    BAD_FRAMES(4400, "too many bad frames"),
    TOKEN_EXPIRED(4401, "token expired"),
    SESSION_ENDED(4401, "session ended"),
    UNTRUSTED(4401, "too many invalid tokens"),
    FORBIDDEN(4403, "another user's tokens"),
    TOO_MANY_FRAMES(4429, "too many frames"),
    TOO_SLOW(4508, "too slow to read"),
    SILENCE(4509, "silence");

    private final int code;
    private final String reason;

    CloseCode(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    int code() {
        return code;
    }

    String reason() {
        return reason;
    }
}
