package dev.natter.platform.http;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the requests of a client must not exceed at one service, whatever they are about: part of what {@code GET
 * /api/limits} tells.
 *
 * @param bodyBytes the largest body
 * @param jsonBytes the largest one that is JSON
 * @param pageDefault how many items a page has unless asked otherwise
 * @param pageMax how many it may be asked to have
 * @param idempotencyKeyLength the longest {@code Idempotency-Key}, characters
 * @param rates how often something may be done, by the name that {@code RateLimit-Policy} uses: by a {@code user}, from
 *     an {@code address}, or what the name says, from an address; what isn't here is not limited
 */
public record RequestLimits(
        long bodyBytes,
        int jsonBytes,
        int pageDefault,
        int pageMax,
        int idempotencyKeyLength,
        Map<String, RateLimit.Rate> rates) {

    static RequestLimits of(long bodyBytes, List<RateLimit> limits) {
        return new RequestLimits(
                bodyBytes,
                Json.MAX_BYTES,
                Query.DEFAULT_LIMIT,
                Query.MAX_LIMIT,
                Idempotency.MAX_KEY,
                limits.stream()
                        .filter(limit -> !limit.unlimited())
                        .collect(Collectors.toMap(RateLimit::name, RateLimit::rate, (first, _) -> first)));
    }
}
