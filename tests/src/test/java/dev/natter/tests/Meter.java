package dev.natter.tests;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.regex.Pattern;

/** What a service counts of itself, read from its internal listener. */
record Meter(World world, String service) {
    private static final Pattern COUNT =
            Pattern.compile("(?m)^natter_http_requests_seconds_count\\{([^}]*)}\\s+([0-9.E+]+)");

    /** How many questions of other services it has answered. */
    long questions() {
        var internal = new Client(world.anonymous().http(), world.natter().internalUri(service), null);
        String metrics = internal.raw("GET", "/metrics", Map.of(), BodyPublishers.noBody())
                .text();
        return (long) COUNT.matcher(metrics)
                .results()
                .filter(sample -> sample.group(1).contains("service=\"" + service + "\"")
                        && sample.group(1).contains("route=\"/internal/"))
                .mapToDouble(sample -> Double.parseDouble(sample.group(2)))
                .sum();
    }
}
