package dev.natter.chat;

import dev.natter.platform.http.RequestLimits;

/**
 * What clients must not exceed here, from what is enforced.
 *
 * @param members most members of a chat
 * @param titleMaxLength the longest title, code points
 * @param requests what holds for requests in general
 */
record ChatLimits(int members, int titleMaxLength, RequestLimits requests) {}
