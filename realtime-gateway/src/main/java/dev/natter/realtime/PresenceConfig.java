package dev.natter.realtime;

import io.helidon.config.Config;
import java.time.Duration;

/**
 * How presence is told.
 *
 * @param chatMembers how many members a chat may have for its members to watch each other without asking; 0 for none
 * @param usersPerSocket how many users one socket may ask for
 * @param grace how long whoever closes their last socket stays online
 * @param interval how often a change of a user may be told
 * @param announce how often gateways tell each other at least
 * @param remembered of how many users a gateway remembers when they were last seen
 */
record PresenceConfig(
        int chatMembers, int usersPerSocket, Duration grace, Duration interval, Duration announce, int remembered) {
    /** After so many announcements missed a gateway is dead. */
    private static final int MISSED = 3;

    static PresenceConfig from(Config config) {
        return new PresenceConfig(
                atLeast(0, config, "presence.chat.members"),
                atLeast(1, config, "presence.users"),
                RealtimeConfig.duration(config, "presence.grace"),
                RealtimeConfig.duration(config, "presence.interval"),
                RealtimeConfig.duration(config, "presence.announce"),
                atLeast(0, config, "presence.remembered"));
    }

    /** For how long a gateway is believed to live after it was last heard. */
    Duration lease() {
        return announce.multipliedBy(MISSED).plus(announce.dividedBy(2));
    }

    private static int atLeast(int least, Config config, String key) {
        int value = config.get(key).asInt().get();
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + ", but is " + value);
        }
        return value;
    }
}
