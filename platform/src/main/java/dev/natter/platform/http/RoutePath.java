package dev.natter.platform.http;

import io.helidon.common.uri.UriPath;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.http.PathMatchers.MatchResult;
import io.helidon.http.PathMatchers.PrefixMatchResult;

/**
 * The path of a route with names in it. Routes are tried in turn, so a request meets many patterns that aren't its own:
 * most are told by what stands before their first name and behind their last, without a regular expression.
 *
 * @param start what stands before the first name
 * @param end what stands behind the last
 * @param pattern the whole, as Helidon reads it
 */
record RoutePath(String start, String end, PathMatcher pattern) implements PathMatcher {
    static PathMatcher of(String path) {
        PathMatcher pattern = PathMatchers.create(path);
        int first = path.indexOf('{');
        return first < 0
                ? pattern
                : new RoutePath(path.substring(0, first), path.substring(path.lastIndexOf('}') + 1), pattern);
    }

    @Override
    public MatchResult match(UriPath path) {
        String asked = path.path();
        return asked.startsWith(start) && asked.endsWith(end) ? pattern.match(path) : MatchResult.notAccepted();
    }

    @Override
    public PrefixMatchResult prefixMatch(UriPath path) {
        return pattern.prefixMatch(path);
    }
}
