package dev.natter.realtime;

import dev.natter.contracts.Chat;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.Internal;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Refused;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Whoever is in the room of a small chat watches its members without asking. Who they are is asked of chat-service once
 * a chat, for many chats at once, while the next gather; from then on the chat's events keep it up. Thread-safe; its
 * lock is taken before that of {@link Presence}.
 */
final class Circles {
    private static final System.Logger LOG = System.getLogger(Circles.class.getName());
    private static final int CHATS_AT_ONCE = 200;
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int most;
    private final long lingerNanos;
    private final Peer chats;
    private final Presence presence;
    private final Map<UUID, Circle> circles = new HashMap<>();
    private final Set<UUID> toLearn = new LinkedHashSet<>();
    private boolean learning;
    private long tickedAt = System.nanoTime();

    Circles(RealtimeConfig config, Peer chats, Presence presence) {
        this.most = config.presence().chatMembers();
        this.lingerNanos = config.roomLinger().toNanos();
        this.chats = chats;
        this.presence = presence;
    }

    /** A socket has come into some rooms. */
    void entered(Socket socket, Collection<Room> rooms) {
        if (most == 0) {
            return;
        }
        var members = new LinkedHashSet<Watch>();
        synchronized (this) {
            for (Room room : rooms) {
                Circle circle = circles.get(room.chatId());
                if (circle == null) {
                    circles.put(room.chatId(), new Circle(room));
                    toLearn.add(room.chatId());
                } else {
                    circle.in(room);
                    members.addAll(circle.members());
                }
            }
            presence.greet(socket, members);
        }
        learn();
    }

    /** Something happened to a chat. */
    void take(ChatEvent event) {
        synchronized (this) {
            switch (event) {
                case ChatEvent.Created _, ChatEvent.Unknown _ -> {}
                case ChatEvent.Updated updated -> pass(updated.chatId(), updated.version());
                case ChatEvent.MemberUpdated updated -> pass(updated.chatId(), updated.version());
                case ChatEvent.MemberAdded added -> {
                    Circle circle = pass(added.chatId(), added.version());
                    if (circle != null) {
                        admit(circle, added.members(), added.memberCount());
                    }
                }
                case ChatEvent.MemberRemoved removed -> {
                    Circle circle = pass(removed.chatId(), removed.version());
                    if (circle != null) {
                        dismiss(circle, removed.userId());
                    } else if (removed.memberCount() <= most && circles.containsKey(removed.chatId())) {
                        toLearn.add(removed.chatId());
                    }
                }
                case ChatEvent.Deleted deleted -> forget(deleted.chatId());
            }
        }
        learn();
    }

    /** Events may have been missed. */
    void doubt() {
        synchronized (this) {
            toLearn.addAll(circles.keySet());
        }
        learn();
    }

    /** Time passes. */
    void tick(long now) {
        if (now - tickedAt < TICK_NANOS) {
            return;
        }
        tickedAt = now;
        synchronized (this) {
            circles.values().stream()
                    .filter(circle -> circle.isDeserted(now, lingerNanos))
                    .map(Circle::chatId)
                    .toList()
                    .forEach(this::forget);
        }
        learn();
    }

    /**
     * The circle whose members an event brings up to date; null if it isn't known, or the event is old, or not next.
     */
    private Circle pass(UUID chatId, long version) {
        Circle circle = circles.get(chatId);
        if (circle == null) {
            return null;
        }
        circle.hear(version);
        if (!circle.isKnown() || version <= circle.version()) {
            return null;
        }
        if (version > circle.version() + 1) {
            toLearn.add(chatId);
            return null;
        }
        circle.know(true, version);
        return circle;
    }

    private void admit(Circle circle, List<Chat.Member> arrived, int count) {
        if (count > most) {
            dissolve(circle, circle.version());
            return;
        }
        List<UUID> ids = arrived.stream().map(Chat.Member::userId).toList();
        presence.watch(Map.of(circle, circle.strangers(ids)));
    }

    private void dismiss(Circle circle, UUID userId) {
        Watch member = circle.member(userId);
        if (member != null) {
            presence.unwatch(circle, List.of(member));
        }
    }

    private void dissolve(Circle circle, long version) {
        presence.unwatch(circle, List.copyOf(circle.members()));
        circle.know(false, version);
    }

    private void forget(UUID chatId) {
        toLearn.remove(chatId);
        Circle circle = circles.remove(chatId);
        if (circle != null) {
            presence.unwatch(circle, List.copyOf(circle.members()));
        }
    }

    private void learn() {
        synchronized (this) {
            if (learning || toLearn.isEmpty()) {
                return;
            }
            learning = true;
        }
        Thread.startVirtualThread(this::learnAll);
    }

    private void learnAll() {
        List<UUID> ids = next();
        try {
            for (; !ids.isEmpty(); ids = next()) {
                var query = new Internal.CirclesQuery(ids, most);
                learned(ids, chats.post("/internal/circles", query, Internal.Circles.class));
            }
        } catch (Refused notNow) {
            LOG.log(System.Logger.Level.DEBUG, "Who is in {0} chats can''t be known yet", ids.size());
            giveBack(ids);
        } catch (RuntimeException defect) {
            LOG.log(System.Logger.Level.ERROR, "Learning who is in chats failed", defect);
            giveBack(ids);
        }
    }

    private synchronized List<UUID> next() {
        List<UUID> ids = toLearn.stream().limit(CHATS_AT_ONCE).toList();
        ids.forEach(toLearn::remove);
        learning = !ids.isEmpty();
        return ids;
    }

    // Until the next tick.
    private synchronized void giveBack(List<UUID> ids) {
        toLearn.addAll(ids);
        learning = false;
    }

    private synchronized void learned(List<UUID> ids, Internal.Circles answer) {
        Map<UUID, Internal.Circle> small = answer.circles().stream()
                .collect(Collectors.toMap(Internal.Circle::chatId, circle -> circle, (one, _) -> one));
        var arrived = new LinkedHashMap<Circle, List<UUID>>();
        for (UUID id : ids) {
            Circle circle = circles.get(id);
            Internal.Circle found = small.get(id);
            if (circle == null) {
                continue;
            }
            if (found == null) {
                dissolve(circle, circle.heard());
            } else if (found.version() < circle.heard()) {
                toLearn.add(id);
            } else {
                presence.unwatch(circle, circle.others(found.userIds()));
                arrived.put(circle, circle.strangers(found.userIds()));
                circle.know(true, found.version());
            }
        }
        presence.watch(arrived);
    }
}
