package dev.natter.message;

import dev.natter.platform.http.RequestLimits;

/**
 * What clients must not exceed here, from what is enforced.
 *
 * @param contentMaxLength the longest message, code points
 * @param clientIdMaxLength the longest {@code client_id}, code points
 * @param requests what holds for requests in general
 */
record MessageLimits(int contentMaxLength, int clientIdMaxLength, RequestLimits requests) {}
