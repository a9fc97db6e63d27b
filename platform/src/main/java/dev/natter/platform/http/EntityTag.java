package dev.natter.platform.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.Arrays;

/** Names of states that clients may have already (RFC 9110, section 8.8.3). */
public final class EntityTag {
    private EntityTag() {}

    /**
     * Whether the client says that it has a state ({@code If-None-Match}, RFC 9110, section 13.1.2). Compared weakly,
     * as it must be: a gateway that compresses marks our tags as weak on their way out.
     *
     * @param request the request
     * @param tag the state's strong tag, with its quotes
     * @return whether to answer 304
     */
    public static boolean isKnown(ServerRequest request, String tag) {
        String header = request.headers().first(HeaderNames.IF_NONE_MATCH).orElse("");
        return Arrays.stream(header.split(","))
                .map(String::strip)
                .anyMatch(known -> known.equals("*") || known.equals(tag) || known.equals("W/" + tag));
    }
}
