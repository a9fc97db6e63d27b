package dev.natter.realtime;

import dev.natter.contracts.ChatEvent;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.http.Peer;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/**
 * Presence as the rest of the gateway sees it: who is online, and the two ways to watch that, by being in a small chat
 * and by asking. Thread-safe.
 */
final class Sightings {
    private final Presence presence;
    private final Circles circles;
    private final Acquaintances acquaintances;

    Sightings(RealtimeConfig config, Bus bus, Peer chats, Fanout fanout) {
        this.presence = new Presence(config.presence(), bus, fanout);
        this.circles = new Circles(config, chats, presence);
        this.acquaintances = new Acquaintances(chats, presence);
    }

    /** Begins to listen to other gateways. */
    void listen(Bus bus) {
        presence.listen(bus);
    }

    /** A socket is open. */
    void came(Socket socket) {
        presence.came(socket);
    }

    /** A socket that was open is gone. */
    void left(Socket socket) {
        presence.left(socket);
    }

    /** A socket has come into some rooms. */
    void entered(Socket socket, Collection<Room> rooms) {
        circles.entered(socket, rooms);
    }

    /**
     * A socket asks for some users; blocks.
     *
     * @throws dev.natter.platform.http.Refused 503 if it can't be known now with whom its user shares a chat
     */
    void ask(Socket socket, String ref, Set<UUID> users) {
        acquaintances.ask(socket, ref, users);
    }

    /** Something happened to a chat. */
    void take(ChatEvent event) {
        circles.take(event);
        acquaintances.take(event);
    }

    /** Something may have been missed: what gateways told, or who came into chats or was removed. */
    void doubt() {
        presence.doubt();
        circles.doubt();
        acquaintances.doubt();
    }

    /** Time passes. */
    void tick(long now) {
        presence.tick(now);
        circles.tick(now);
        acquaintances.tick(now);
    }

    /** Tells other gateways that they won't hear of this one any more. */
    void close() {
        presence.close();
    }

    /** How many users are watched. */
    int watched() {
        return presence.watched();
    }
}
