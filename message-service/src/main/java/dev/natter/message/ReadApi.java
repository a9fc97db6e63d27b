package dev.natter.message;

import dev.natter.contracts.Internal.Standing;
import dev.natter.contracts.Internal.State;
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

    private final Members members;
    private final Reads reads;
    private final Unreads unreads;
    private final Tidings tidings;

    ReadApi(Members members, Reads reads, Unreads unreads, Tidings tidings) {
        this.members = members;
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
        Json.send(response, Status.OK_200, read(request, caller.userId()));
    }

    /** A user has told a gateway over their socket. */
    private void readFor(ServerRequest request, ServerResponse response) {
        Json.send(response, Status.OK_200, read(request, InternalApi.user(request)));
    }

    private Standing read(ServerRequest request, UUID userId) {
        UUID chatId = admitted(request, userId);
        boolean moved =
                reads.moveForward(chatId, userId, Json.read(request, Mark.class).seq());
        Standing standing = standing(chatId, userId);
        if (moved) {
            tidings.read(chatId, userId, standing.lastReadSeq());
        }
        return standing;
    }

    private void unread(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = admitted(request, caller.userId());
        boolean moved = reads.moveBack(
                chatId, caller.userId(), Json.read(request, Mark.class).seq());
        if (moved) {
            tidings.moved(chatId, caller.userId());
        }
        Json.send(response, Status.OK_200, standing(chatId, caller.userId()));
    }

    private void list(ServerRequest request, ServerResponse response, Caller caller) {
        Json.send(response, Status.OK_200, reads.positions(admitted(request, caller.userId())));
    }

    private Standing standing(UUID chatId, UUID userId) {
        State state = unreads.states(userId, List.of(chatId)).getFirst();
        return new Standing(chatId, state.lastReadSeq(), state.unreadCount());
    }

    private UUID admitted(ServerRequest request, UUID userId) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        members.require(chatId, userId, Problems.noSuchChat());
        return chatId;
    }
}
