package dev.natter.platform.token;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;
import java.util.Optional;

/** How a client shows its access token in a header: RFC 6750, section 2.1. */
public final class Bearer {
    /** The scheme; its case doesn't matter. */
    public static final String SCHEME = "bearer";

    private Bearer() {}

    /**
     * The token of {@code Authorization}.
     *
     * @param headers the headers of a request
     * @return the token, or empty if there is none, or more than one header
     */
    public static Optional<String> of(Headers headers) {
        if (!headers.contains(HeaderNames.AUTHORIZATION)) {
            return Optional.empty();
        }
        List<String> values = headers.get(HeaderNames.AUTHORIZATION).allValues();
        String value = values.getFirst();
        return values.size() == 1 && value.regionMatches(true, 0, SCHEME + " ", 0, SCHEME.length() + 1)
                ? Optional.of(value.substring(SCHEME.length()).strip())
                : Optional.empty();
    }
}
