package dev.natter.realtime;

import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Problem;
import dev.natter.realtime.Joining.Entered;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongFunction;

/**
 * The chats that one socket has joined: how it gets in, out, and what it does there. Used by its socket's thread, and,
 * if it joins all chats of its user, by the one that follows those. A seat may be lost at any time, when its user is
 * removed; then the chat is as one that was never joined. Thread-safe.
 */
final class Seats {
    private final Socket socket;
    private final Conversation.Means means;
    private final Map<UUID, Seat> seats = new HashMap<>();
    private boolean ended;

    Seats(Socket socket, Conversation.Means means) {
        this.socket = socket;
        this.means = means;
    }

    /** Lets the socket into a chat, and answers. */
    synchronized void join(String ref, ClientFrame.JoinChat join) throws InterruptedException {
        UUID chatId = join.chatId();
        demandPlaces(Set.of(chatId));
        try (Joining joining = new Joining(socket, means, ref, join.epoch(), Set.of(chatId))) {
            LongFunction<Frame> answer = seq -> new ServerFrame.JoinedChat(ref, chatId, seq).frame();
            Entered entered = joining.isOpen(chatId) ? take(joining, chatId, join.since(), answer) : null;
            if (entered == null) {
                throw Problem.notFound("chat").refuse();
            }
            means.sightings().entered(socket, List.of(entered.seat().room()));
        }
    }

    /** Lets the socket into many chats, and answers once. */
    synchronized void join(String ref, ClientFrame.JoinChats join) throws InterruptedException {
        demandPlaces(join.chats().keySet());
        answer(enter(ref, join));
    }

    /**
     * Lets the socket into chats that its client didn't name, as many as it may.
     *
     * @param tellAnyway whether to tell of it even if there are none
     */
    synchronized void follow(Collection<UUID> chatIds, boolean tellAnyway) throws InterruptedException {
        if (ended) {
            return;
        }
        forgetLost();
        List<UUID> some = chatIds.stream()
                .filter(chatId -> !seats.containsKey(chatId))
                .limit(means.config().chatsPerSocket() - seats.size())
                .toList();
        if (some.isEmpty() && tellAnyway) {
            answer(new ServerFrame.JoinedChats(null, Map.of(), List.of()));
        }
        for (List<UUID> batch : Backfill.batches(some)) {
            var live = new LinkedHashMap<UUID, Long>();
            batch.forEach(chatId -> live.put(chatId, null));
            ServerFrame.JoinedChats joined = enter(null, new ClientFrame.JoinChats(live, null));
            if (tellAnyway || !joined.chats().isEmpty()) {
                answer(new ServerFrame.JoinedChats(null, joined.chats(), List.of()));
            }
        }
    }

    private ServerFrame.JoinedChats enter(String ref, ClientFrame.JoinChats join) throws InterruptedException {
        var joined = new LinkedHashMap<UUID, Long>();
        var inaccessible = new ArrayList<UUID>();
        var rooms = new ArrayList<Room>();
        try (Joining joining =
                new Joining(socket, means, ref, join.epoch(), join.chats().keySet())) {
            joining.prepare(join.chats());
            for (Map.Entry<UUID, Long> chat : join.chats().entrySet()) {
                UUID chatId = chat.getKey();
                Entered entered = joining.isOpen(chatId) ? take(joining, chatId, chat.getValue(), null) : null;
                if (entered == null) {
                    inaccessible.add(chatId);
                    continue;
                }
                rooms.add(entered.seat().room());
                if (entered.whole()) {
                    joined.put(chatId, entered.seat().from());
                }
            }
        }
        means.sightings().entered(socket, rooms);
        return new ServerFrame.JoinedChats(ref, joined, inaccessible);
    }

    private Entered take(Joining joining, UUID chatId, Long since, LongFunction<Frame> answer)
            throws InterruptedException {
        stand(chatId);
        Entered entered = joining.enter(chatId, since, answer);
        if (entered != null) {
            seats.put(chatId, entered.seat());
        }
        return entered;
    }

    private void demandPlaces(Set<UUID> chatIds) {
        if (!hasPlaces(chatIds)) {
            throw Problem.of(409, "too_many_chats", "This socket has joined as many chats as it may.")
                    .refuse();
        }
    }

    private boolean hasPlaces(Set<UUID> chatIds) {
        forgetLost();
        long more =
                chatIds.stream().filter(chatId -> !seats.containsKey(chatId)).count();
        return more == 0 || seats.size() + more <= means.config().chatsPerSocket();
    }

    private void forgetLost() {
        seats.values().removeIf(seat -> !seat.isTaken());
    }

    /** Takes the socket out of a chat, and answers. */
    synchronized void leave(String ref, UUID chatId) {
        stand(chatId);
        answer(new ServerFrame.LeftChat(ref, chatId));
    }

    private void stand(UUID chatId) {
        Seat seat = seats.remove(chatId);
        if (seat != null) {
            means.rooms().leave(seat);
        }
    }

    /** Its user is typing, or has stopped. */
    synchronized void type(ClientFrame.Typing typing) {
        Seat seat = seats.get(typing.chatId());
        if (seat == null || !seat.isTaken()) {
            throw Problem.of(404, "not_found", "There is no such chat among those this socket has joined.")
                    .refuse();
        }
        if (seat.type(
                typing.isTyping(),
                System.nanoTime(),
                means.config().typingInterval().toNanos())) {
            var event = new LiveEvent.Typing(typing.chatId(), socket.userId(), typing.isTyping());
            means.bus().tell(Subjects.typing(typing.chatId()), Json.bytes(event));
        }
    }

    private void answer(ServerFrame frame) {
        socket.outbound().send(frame.frame());
    }

    /** The socket is gone. */
    synchronized void end() {
        ended = true;
        seats.values().forEach(means.rooms()::leave);
        seats.clear();
    }
}
