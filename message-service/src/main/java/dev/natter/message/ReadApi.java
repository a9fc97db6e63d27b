package dev.natter.message;

import dev.natter.contracts.Internal.State;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.Routes;
import dev.natter.platform.http.Violations;
import dev.natter.platform.token.Caller;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.UUID;

/** Read positions: marking read and unread, and who has read how far. */
final class ReadApi {
    /**
     * A place in the log.
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

    /**
     * How the caller stands in a chat now.
     *
     * @param lastReadSeq up to where they have read
     * @param unreadCount messages of others above it, counted to 1,000
     */
    record Standing(UUID chatId, long lastReadSeq, int unreadCount) {}

    private final Members members;
    private final Reads reads;

    ReadApi(Members members, Reads reads) {
        this.members = members;
        this.reads = reads;
    }

    void routes(Routes open) {
        open.post("/api/chats/{chat_id}/read", this::read)
                .post("/api/chats/{chat_id}/unread", this::unread)
                .get("/api/chats/{chat_id}/reads", this::list);
    }

    private void read(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = admitted(request, caller);
        reads.moveForward(
                chatId, caller.userId(), Json.read(request, Mark.class).seq());
        answer(response, chatId, caller);
    }

    private void unread(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = admitted(request, caller);
        reads.moveBack(chatId, caller.userId(), Json.read(request, Mark.class).seq());
        answer(response, chatId, caller);
    }

    private void list(ServerRequest request, ServerResponse response, Caller caller) {
        Json.send(response, Status.OK_200, reads.positions(admitted(request, caller)));
    }

    private void answer(ServerResponse response, UUID chatId, Caller caller) {
        State state = reads.states(caller.userId(), List.of(chatId)).getFirst();
        Json.send(response, Status.OK_200, new Standing(chatId, state.lastReadSeq(), state.unreadCount()));
    }

    private UUID admitted(ServerRequest request, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        members.require(chatId, caller.userId(), Problems.noSuchChat());
        return chatId;
    }
}
