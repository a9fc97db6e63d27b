package dev.natter.k8s;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line of {@code deploy/routes.yaml}.
 *
 * @param path what it is for: literal, or with {@code *} for a segment and {@code **} at the end for all that is below
 * @param service who answers, as in {@code chat-service}
 * @param nginx the file of what nginx does besides, without its ending; or nothing
 */
record Route(String path, String service, Optional<String> nginx) {
    Route {
        if (!path.matches("(/[a-z.-]+|/\\*)+(/\\*\\*)?")) {
            throw new IllegalArgumentException(path + " is no path of a route");
        }
    }

    boolean literal() {
        return !path.contains("*");
    }

    /** The path as a regular expression that every gateway understands, with neither ^ nor $. */
    String regex() {
        return path.replace(".", "[.]").replace("/**", "/.+").replace("/*", "/[^/]+");
    }

    boolean fits(String asked) {
        return Pattern.matches(regex(), asked);
    }

    /** Whether some path fits both. */
    boolean meets(Route other) {
        return meet(segments(), other.segments());
    }

    private List<String> segments() {
        return List.of(path.substring(1).split("/"));
    }

    private static boolean meet(List<String> mine, List<String> theirs) {
        if (mine.isEmpty() || theirs.isEmpty()) {
            return mine.isEmpty() && theirs.isEmpty();
        }
        String one = mine.getFirst();
        String other = theirs.getFirst();
        if (one.equals("**") || other.equals("**")) {
            return true;
        }
        return (one.equals("*") || other.equals("*") || one.equals(other))
                && meet(mine.subList(1, mine.size()), theirs.subList(1, theirs.size()));
    }
}
