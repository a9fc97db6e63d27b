package dev.natter.realtime;

import io.helidon.config.Config;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The gateway's settings.
 *
 * @param authUrl where auth-service's internal listener is
 * @param chatUrl where chat-service's internal listener is
 * @param messageUrl where message-service's internal listener is
 * @param mediaUrl where media-service's internal listener is
 * @param origins the web origins whose pages may connect
 * @param queueBytes how much may wait for one socket before it is closed as too slow
 * @param backlogBytes how much may wait for all sockets together before the worst of them are closed
 * @param chatsPerSocket how many chats a socket may join
 * @param socketsPerUser how many sockets a user may have on this node
 * @param framesPerSecond how many frames a client may send, in the long run
 * @param framesBurst and at once
 * @param badFrames how many bad frames in a row close a socket
 * @param heartbeat how often the server pings
 * @param silence after how long without a frame of the client a socket is closed
 * @param closeTimeout how long a closing socket may take to say goodbye
 * @param writeTimeout how long one write may take before the socket is cut
 * @param reconnectSpread over how long those come back whom a restart sends away
 * @param replayChanges how far back {@code since} may reach
 * @param pageSize how many changes are fetched at once
 * @param recentChanges how many changes of a watched chat are remembered
 * @param recentBytes and in how many bytes
 * @param memoryBytes in how many bytes those of all watched chats
 * @param roomLinger how long a chat that nobody watches any more stays subscribed
 * @param typingLifetime how long one is shown as typing
 * @param typingInterval how often typing counts
 * @param presence how presence is told
 */
record RealtimeConfig(
        URI authUrl,
        URI chatUrl,
        URI messageUrl,
        URI mediaUrl,
        Set<String> origins,
        int queueBytes,
        long backlogBytes,
        int chatsPerSocket,
        int socketsPerUser,
        int framesPerSecond,
        int framesBurst,
        int badFrames,
        Duration heartbeat,
        Duration silence,
        Duration closeTimeout,
        Duration writeTimeout,
        Duration reconnectSpread,
        int replayChanges,
        int pageSize,
        int recentChanges,
        int recentBytes,
        long memoryBytes,
        Duration roomLinger,
        Duration typingLifetime,
        Duration typingInterval,
        PresenceConfig presence) {

    /** The largest frame or message of a client, bytes; part of the contract and therefore no setting. */
    static final int MAX_FRAME = 64 * 1024;

    /** How many chats one frame may name; part of the contract, too. */
    static final int CHATS_PER_FRAME = 500;

    static RealtimeConfig from(Config config) {
        return new RealtimeConfig(
                config.get("auth.url").as(URI.class).get(),
                config.get("chat.url").as(URI.class).get(),
                config.get("message.url").as(URI.class).get(),
                config.get("media.url").as(URI.class).get(),
                origins(config.get("cors.origins").asString().orElse("")),
                positive(config, "socket.queue.bytes"),
                ofHeap(config, "sockets.queue.bytes", 4),
                positive(config, "socket.chats"),
                positive(config, "sockets.per.user"),
                positive(config, "socket.frames.per.second"),
                positive(config, "socket.frames.burst"),
                positive(config, "socket.frames.bad"),
                duration(config, "socket.heartbeat"),
                duration(config, "socket.silence"),
                duration(config, "socket.close.timeout"),
                duration(config, "socket.write.timeout"),
                duration(config, "reconnect.spread"),
                positive(config, "replay.changes"),
                positive(config, "replay.page"),
                positive(config, "room.recent.changes"),
                positive(config, "room.recent.bytes"),
                ofHeap(config, "rooms.recent.bytes", 8),
                duration(config, "room.linger"),
                duration(config, "typing.lifetime"),
                duration(config, "typing.interval"),
                PresenceConfig.from(config));
    }

    private static Set<String> origins(String list) {
        return Stream.of(list.split(","))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static long ofHeap(Config config, String key, int part) {
        long value = config.get(key).asLong().get();
        if (value < 0) {
            throw new IllegalArgumentException(key + " must not be negative, but is " + value);
        }
        return value > 0 ? value : Runtime.getRuntime().maxMemory() / part;
    }

    private static int positive(Config config, String key) {
        int value = config.get(key).asInt().get();
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1, but is " + value);
        }
        return value;
    }

    static Duration duration(Config config, String key) {
        Duration value = config.get(key).as(Duration.class).get();
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(key + " must be more than nothing, but is " + value);
        }
        return value;
    }
}
