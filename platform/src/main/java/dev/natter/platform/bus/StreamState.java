package dev.natter.platform.bus;

import java.time.Instant;

/**
 * Where a stream stands.
 *
 * @param createdAt when it was made; another time means another stream of the same name
 * @param lastSeq its last sequence; it never falls unless the stream lost its tail
 * @param serverId names one run of one server; a restart changes it
 */
public record StreamState(Instant createdAt, long lastSeq, String serverId) {}
