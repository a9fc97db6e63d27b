package dev.natter.realtime;

import dev.natter.contracts.Chat;
import dev.natter.contracts.ChatEvent;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What chat-service tells of chats, on its way to rooms and to the boxes of users. Thread-safe. */
final class ChatNews {
    private static final System.Logger LOG = System.getLogger(ChatNews.class.getName());

    private final Membership membership;
    private final Rooms rooms;
    private final Boxes boxes;
    private final Sightings sightings;

    ChatNews(Membership membership, Rooms rooms, Boxes boxes, Sightings sightings) {
        this.membership = membership;
        this.rooms = rooms;
        this.boxes = boxes;
        this.sightings = sightings;
    }

    /** NATS brought an event. */
    void arrived(Delivery delivery) {
        ChatEvent event;
        try {
            event = Json.parse(delivery.payload(), ChatEvent.class);
        } catch (IllegalArgumentException notOurs) {
            LOG.log(System.Logger.Level.WARNING, "An unreadable event on {0}", delivery.subject());
            return;
        }
        byte[] json = delivery.payload();
        spread(event, json);
        sightings.take(event);
    }

    private void spread(ChatEvent event, byte[] json) {
        switch (event) {
            case ChatEvent.Created created ->
                tell(
                        json,
                        created.chatId(),
                        created.userSeqs(),
                        created.userSeqs().keySet());
            case ChatEvent.Updated updated -> tell(json, updated.chatId(), updated.userSeqs(), Set.of());
            case ChatEvent.Deleted deleted -> {
                membership.removed(deleted.chatId(), deleted.version());
                rooms.evict(deleted.chatId(), _ -> true);
                tell(json, deleted.chatId(), deleted.userSeqs(), Set.of());
            }
            case ChatEvent.MemberAdded added -> tell(json, added.chatId(), added.userSeqs(), ids(added.members()));
            case ChatEvent.MemberUpdated updated -> tell(json, updated.chatId(), updated.userSeqs(), Set.of());
            case ChatEvent.MemberRemoved removed -> {
                membership.removed(removed.chatId(), removed.version());
                rooms.evict(
                        removed.chatId(),
                        seat -> seat.socket().userId().equals(removed.userId())
                                && seat.isConcernedBy(removed.version()));
                tell(json, removed.chatId(), removed.userSeqs(), Set.of());
            }
            // Its numbers in boxes are missed then, and the boxes filled from chat-service.
            case ChatEvent.Unknown _ -> LOG.log(System.Logger.Level.DEBUG, "An event of an unknown type");
        }
    }

    private void tell(byte[] json, UUID chatId, Map<UUID, Long> seqs, Set<UUID> entering) {
        if (seqs == null || !boxes.hasAny(seqs.keySet())) {
            return;
        }
        Notice.Text text = Notice.Text.of(json);
        boxes.arrived(seqs, (userId, seq) -> text.numbered(seq, entering.contains(userId) ? chatId : null));
    }

    private static Set<UUID> ids(List<Chat.Member> members) {
        return members.stream().map(Chat.Member::userId).collect(Collectors.toSet());
    }
}
