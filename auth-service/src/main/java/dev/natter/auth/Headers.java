package dev.natter.auth;

import io.helidon.http.Header;
import io.helidon.http.HeaderValues;

/** Headers that auth-service writes, made once. */
final class Headers {
    /** RFC 6749, section 5.1: tokens must not stay in any cache. */
    static final Header NO_STORE = HeaderValues.createCached("Cache-Control", "no-store");

    /** Verifiers keep the keys themselves; this is for everybody else. */
    static final Header ONE_MINUTE = HeaderValues.createCached("Cache-Control", "public, max-age=60");

    private Headers() {}
}
