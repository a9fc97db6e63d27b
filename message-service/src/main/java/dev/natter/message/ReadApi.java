package dev.natter.message;

import dev.natter.contracts.Internal.Standing;
import dev.natter.contracts.Internal.State;
import dev.natter.message.Members.Access;
import dev.natter.message.Reads.Position;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.Routes;
import dev.natter.platform.http.Violations;
import dev.natter.platform.token.Caller;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Read positions: marking read and unread, and who has read how far. */
final class ReadApi {
    /**
     * A {@link dev.natter.contracts.Internal.Mark} as a client may send it.
     *
     * @param seq 0 or more
     */
    record Mark(Long seq) {
        Mark {
            new Violations()
                    .check("seq", seq != null, "required", "'seq' is required.")
                    .check("seq", seq == null || seq >= 0, "out_of_range", "'seq' must be 0 or more.")
                    .orRefuse();
        }
    }

    private static final UUID BEFORE_THE_FIRST = new UUID(0, 0);

    private final Members members;
    private final History history;
    private final Reads reads;
    private final Unreads unreads;
    private final Tidings tidings;

    ReadApi(Members members, History history, Reads reads, Unreads unreads, Tidings tidings) {
        this.members = members;
        this.history = history;
        this.reads = reads;
        this.unreads = unreads;
        this.tidings = tidings;
    }

    void routes(Routes open, Routes internal) {
        open.post("/api/chats/{chat_id}/read", this::read)
                .post("/api/chats/{chat_id}/unread", this::unread)
                .get("/api/chats/{chat_id}/reads", this::list);
        internal.peer(Method.POST, "/internal/chats/{chat_id}/read", this::readFor);
    }

    private void read(ServerRequest request, ServerResponse response, Caller caller) {
        answer(response, read(request, caller.userId()));
    }

    /** A user has told a gateway over their socket. */
    private void readFor(ServerRequest request, ServerResponse response) {
        answer(response, read(request, InternalApi.user(request)));
    }

    private State read(ServerRequest request, UUID userId) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        admit(chatId, userId);
        boolean moved =
                reads.moveForward(chatId, userId, Json.read(request, Mark.class).seq());
        State state = state(chatId, userId);
        if (moved) {
            tidings.read(chatId, userId, state.lastReadSeq());
        }
        return state;
    }

    private void unread(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        admit(chatId, caller.userId());
        boolean moved = reads.moveBack(
                chatId, caller.userId(), Json.read(request, Mark.class).seq());
        if (moved) {
            tidings.moved(chatId, caller.userId());
        }
        answer(response, state(chatId, caller.userId()));
    }

    private void list(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        int limit = Query.limit(request);
        UUID after = cursor(request);
        long seq = admit(chatId, caller.userId()).seq();
        List<Position> found = reads.positions(chatId, after, limit + 1);
        boolean more = found.size() > limit;
        List<Position> page = more ? found.subList(0, limit) : found;
        if (more) {
            Query.link(
                    request,
                    response,
                    "next",
                    Map.of("cursor", page.getLast().userId().toString()));
        }
        HistoryApi.trueFor(response, seq, history.epoch());
        Json.send(response, Status.OK_200, page);
    }

    private void answer(ServerResponse response, State state) {
        HistoryApi.trueFor(response, state.seq(), history.epoch());
        Json.send(response, Status.OK_200, new Standing(state.chatId(), state.lastReadSeq(), state.unreadCount()));
    }

    private State state(UUID chatId, UUID userId) {
        return unreads.states(userId, List.of(chatId)).getFirst();
    }

    private Access admit(UUID chatId, UUID userId) {
        return members.require(chatId, userId, Problems.noSuchChat());
    }

    private static UUID cursor(ServerRequest request) {
        Optional<String> text = Query.text(request, "cursor");
        Optional<UUID> id = text.flatMap(Query::id);
        new Violations()
                .check(
                        "cursor",
                        text.isEmpty() || id.isPresent(),
                        "invalid_cursor",
                        "'cursor' is not one that this list gave out.")
                .orRefuse();
        return id.orElse(BEFORE_THE_FIRST);
    }
}
