package dev.natter.auth;

import dev.natter.platform.http.Query;
import dev.natter.platform.http.Violations;
import io.helidon.webserver.http.ServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which users somebody looks for.
 *
 * @param pattern what a name is to be {@code LIKE}
 * @param ids who they may be, if not everybody
 * @param after the key of the username that the page begins after; empty for the first page
 * @param limit at most how many
 */
record Search(String pattern, Optional<Set<UUID>> ids, String after, int limit) {
    static final String ANYTHING = "%";

    static final int MAX_QUERY = 64;
    static final int MAX_IDS = 200;
    // A trigram index is of no use to anything shorter; a beginning can be looked up in order.
    private static final int TRIGRAM = 3;

    static Search of(ServerRequest request) {
        int limit = Query.limit(request);
        String query = Query.text(request, "query").orElse("");
        new Violations().optionalText("query", query, 0, MAX_QUERY).orRefuse();
        return new Search(
                pattern(query),
                Query.text(request, "ids").map(Search::ids),
                Query.text(request, "cursor").map(Search::after).orElse(""),
                limit);
    }

    /** The same search, but with one more, by which to know whether there is a next page. */
    Search andOneMore() {
        return new Search(pattern, ids, after, limit + 1);
    }

    static String cursor(String username) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Names.key(username).getBytes(StandardCharsets.UTF_8));
    }

    static String pattern(String query) {
        String key = Names.key(query);
        if (key.isEmpty()) {
            return ANYTHING;
        }
        String literal = key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
        boolean anywhere = key.codePointCount(0, key.length()) >= TRIGRAM;
        return (anywhere ? "%" : "") + literal + "%";
    }

    private static Set<UUID> ids(String list) {
        Set<UUID> ids = new LinkedHashSet<>();
        for (String text : list.split(",")) {
            Optional<UUID> id = Query.id(text.strip());
            if (id.isEmpty() && !text.isBlank()) {
                throw Problems.invalid("ids", "invalid_id", "'ids' must be ids separated by commas.")
                        .refuse();
            }
            id.ifPresent(ids::add);
        }
        if (ids.size() > MAX_IDS) {
            throw Problems.invalid("ids", "too_many", "'ids' may have at most " + MAX_IDS + " ids.")
                    .refuse();
        }
        return ids;
    }

    private static String after(String cursor) {
        try {
            String key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (Names.isUsername(key)) {
                return key;
            }
        } catch (IllegalArgumentException notOurs) {
            // Refused below, like any other text that this list didn't give out.
        }
        throw Problems.invalid("cursor", "invalid_cursor", "'cursor' is not one that this list gave out.")
                .refuse();
    }
}
