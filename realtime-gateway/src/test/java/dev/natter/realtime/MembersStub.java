package dev.natter.realtime;

import dev.natter.contracts.Chat;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.Internal;
import dev.natter.contracts.Subjects;
import dev.natter.platform.http.Json;
import dev.natter.testing.StubPeer;
import dev.natter.testing.StubPeer.Answer;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Chat-service as the gateway sees it: who is in which chat, everybody's box, and how far message-service's replica is.
 */
final class MembersStub {
    private static final UUID SOMEBODY = UUID.randomUUID();

    private static final class State {
        private final Set<UUID> members = new HashSet<>();
        private long version;
        private String title = "t1";
        private Set<UUID> replica = Set.of();
        private long replicaVersion;
    }

    private static final class Box {
        private final TreeMap<Long, UUID> changes = new TreeMap<>();
        private final Map<UUID, Long> joined = new HashMap<>();
        private long seq;
    }

    private final LogStub log;
    private final Map<UUID, State> chats = new LinkedHashMap<>();
    private final Map<UUID, Box> boxes = new HashMap<>();
    private boolean lagging;
    private boolean down;

    MembersStub(LogStub log, StubPeer peer) {
        this.log = log;
        answer(peer, "POST", "/internal/seats", request -> seats(request.as(Internal.Seats.class)));
        answer(peer, "POST", "/internal/boxes", request -> boxes(request.as(Internal.UserIds.class)));
        answer(peer, "POST", "/internal/users/([^/]+)/acquaintances", this::acquaintances);
        answer(peer, "POST", "/internal/circles", request -> circles(request.as(Internal.CirclesQuery.class)));
        answer(peer, "GET", "/internal/users/([^/]+)/chats", request -> chats(id(request)));
        answer(
                peer,
                "GET",
                "/internal/users/([^/]+)/box",
                request -> box(
                        id(request), Long.parseLong(request.query("since")), Integer.parseInt(request.query("limit"))));
    }

    private void answer(StubPeer peer, String method, String path, Function<StubPeer.Request, Object> answer) {
        peer.on(method, path, request -> {
            synchronized (this) {
                return down ? new Answer(503, Map.of()) : Answer.ok(answer.apply(request));
            }
        });
    }

    synchronized void down(boolean isDown) {
        down = isDown;
    }

    /** Whether message-service's replica stands still. */
    synchronized void lag(boolean isLagging) {
        lagging = isLagging;
        chats.values().forEach(this::replicate);
    }

    /** A chat of these; nobody is told. */
    synchronized void create(UUID chatId, Collection<UUID> members) {
        created(chatId, members);
    }

    /** A chat of these. */
    synchronized LogStub.Event created(UUID chatId, Collection<UUID> members) {
        State state = new State();
        chats.put(chatId, state);
        state.members.addAll(members);
        Map<UUID, Long> seqs = count(chatId, state, state.members);
        members.forEach(member -> boxes.get(member).joined.put(chatId, seqs.get(member)));
        return event(
                chatId,
                new ChatEvent.Created(
                        chatId,
                        state.version,
                        chatId + ":" + state.version,
                        Instant.now(),
                        Chat.Type.group,
                        state.title,
                        state.members.stream().map(MembersStub::member).toList(),
                        seqs));
    }

    synchronized LogStub.Event retitled(UUID chatId, String title) {
        State state = chats.get(chatId);
        state.title = title;
        Map<UUID, Long> seqs = count(chatId, state, state.members);
        return event(
                chatId,
                new ChatEvent.Updated(
                        chatId, state.version, chatId + ":" + state.version, Instant.now(), title, SOMEBODY, seqs));
    }

    synchronized LogStub.Event added(UUID chatId, UUID userId) {
        State state = chats.get(chatId);
        state.members.add(userId);
        Map<UUID, Long> seqs = count(chatId, state, state.members);
        boxes.get(userId).joined.put(chatId, seqs.get(userId));
        return event(
                chatId,
                new ChatEvent.MemberAdded(
                        chatId,
                        state.version,
                        chatId + ":" + state.version,
                        Instant.now(),
                        Chat.Type.group,
                        state.title,
                        List.of(member(userId)),
                        state.members.size(),
                        userId,
                        seqs));
    }

    synchronized LogStub.Event removed(UUID chatId, UUID userId) {
        State state = chats.get(chatId);
        Map<UUID, Long> seqs = count(chatId, state, state.members);
        state.members.remove(userId);
        boxes.get(userId).joined.remove(chatId);
        replicate(state);
        return event(
                chatId,
                new ChatEvent.MemberRemoved(
                        chatId,
                        state.version,
                        chatId + ":" + state.version,
                        Instant.now(),
                        userId,
                        state.members.size(),
                        userId,
                        seqs));
    }

    synchronized LogStub.Event deleted(UUID chatId) {
        State state = chats.get(chatId);
        Map<UUID, Long> seqs = count(chatId, state, state.members);
        state.members.forEach(member -> boxes.get(member).joined.remove(chatId));
        state.members.clear();
        replicate(state);
        return event(
                chatId,
                new ChatEvent.Deleted(
                        chatId, state.version, chatId + ":" + state.version, Instant.now(), SOMEBODY, seqs));
    }

    /** The chat's version that message-service knows; null for one whom it calls no member. */
    synchronized Long replica(UUID chatId, UUID userId) {
        State state = chats.get(chatId);
        return state != null && state.replica.contains(userId) ? state.replicaVersion : null;
    }

    synchronized long boxOf(UUID userId) {
        return boxes.containsKey(userId) ? boxes.get(userId).seq : 0;
    }

    private Map<UUID, Long> count(UUID chatId, State state, Collection<UUID> concerned) {
        state.version++;
        var seqs = new LinkedHashMap<UUID, Long>();
        for (UUID userId : concerned) {
            Box box = boxes.computeIfAbsent(userId, _ -> new Box());
            box.changes.values().remove(chatId);
            box.changes.put(++box.seq, chatId);
            seqs.put(userId, box.seq);
        }
        replicate(state);
        return seqs;
    }

    private void replicate(State state) {
        if (!lagging) {
            state.replica = Set.copyOf(state.members);
            state.replicaVersion = state.version;
        }
    }

    private LogStub.Event event(UUID chatId, ChatEvent event) {
        return log.event(Subjects.of(chatId, event), chats.get(chatId).version, Json.bytes(event));
    }

    private Internal.Seats seats(Internal.Seats asked) {
        return new Internal.Seats(asked.seats().stream()
                .filter(seat -> chats.containsKey(seat.chatId())
                        && chats.get(seat.chatId()).members.contains(seat.userId()))
                .toList());
    }

    private Internal.UserIds acquaintances(StubPeer.Request request) {
        UUID userId = id(request);
        Set<UUID> asked = request.as(Internal.UserIds.class).ids();
        return new Internal.UserIds(chats.values().stream()
                .filter(chat -> chat.members.contains(userId))
                .flatMap(chat -> chat.members.stream())
                .filter(asked::contains)
                .collect(Collectors.toSet()));
    }

    private Internal.Circles circles(Internal.CirclesQuery query) {
        return new Internal.Circles(query.chatIds().stream()
                .filter(id -> chats.containsKey(id) && chats.get(id).members.size() <= query.most())
                .map(id -> new Internal.Circle(id, chats.get(id).version, Set.copyOf(chats.get(id).members)))
                .toList());
    }

    private Internal.ChatIds chats(UUID userId) {
        return new Internal.ChatIds(chats.entrySet().stream()
                .filter(chat -> chat.getValue().members.contains(userId))
                .map(Map.Entry::getKey)
                .toList());
    }

    private Internal.Boxes boxes(Internal.UserIds asked) {
        var seqs = new HashMap<UUID, Long>();
        asked.ids().forEach(userId -> seqs.put(userId, boxOf(userId)));
        return new Internal.Boxes(seqs);
    }

    private Internal.Box box(UUID userId, long since, int limit) {
        Box box = boxes.computeIfAbsent(userId, _ -> new Box());
        List<Internal.BoxEntry> all = box.changes.tailMap(since, false).entrySet().stream()
                .map(change -> entry(box, change.getKey(), change.getValue()))
                .toList();
        List<Internal.BoxEntry> page = all.stream().limit(limit).toList();
        return new Internal.Box(userId, box.seq, page, page.size() < all.size());
    }

    private Internal.BoxEntry entry(Box box, long seq, UUID chatId) {
        State state = chats.get(chatId);
        Long joined = box.joined.get(chatId);
        return joined == null
                ? new Internal.BoxEntry(chatId, seq, 0, state.version, Instant.now(), null, null, List.of(), 0)
                : new Internal.BoxEntry(
                        chatId,
                        seq,
                        joined,
                        state.version,
                        Instant.now(),
                        Chat.Type.group,
                        state.title,
                        state.members.stream().map(MembersStub::member).toList(),
                        state.members.size());
    }

    private static Chat.Member member(UUID userId) {
        return new Chat.Member(userId, Chat.Role.member, Instant.now());
    }

    private static UUID id(StubPeer.Request request) {
        return UUID.fromString(request.path().group(1));
    }
}
