package dev.natter.message;

import dev.natter.contracts.Internal.MessageSent;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.message.Outcome.Committed;
import dev.natter.message.Outcome.Rejected;
import dev.natter.message.Outcome.Stranger;
import dev.natter.message.Outcome.Unchanged;
import dev.natter.platform.bus.Cause;
import dev.natter.platform.http.Idempotency;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.Routes;
import dev.natter.platform.http.Violations;
import dev.natter.platform.token.Caller;
import dev.natter.platform.trace.Span;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.UUID;
import java.util.function.Function;

/** Sending, editing, deleting and getting a message. */
final class MessageApi {
    static final int MAX_CONTENT = 4000;
    static final int MAX_CLIENT_ID = 200;

    /**
     * What a client sends.
     *
     * @param content 1 to {@value #MAX_CONTENT} code points
     * @param replyToId a message of the same chat, or null
     * @param clientId the sender's own name for the send, or null
     */
    record Draft(String content, String replyToId, String clientId) {
        Draft {
            new Violations()
                    .text("content", content, 1, MAX_CONTENT)
                    .check("content", content == null || !content.isBlank(), "blank", "'content' must not be blank.")
                    .optionalText("client_id", clientId, 1, MAX_CLIENT_ID)
                    .check(
                            "reply_to_id",
                            replyToId == null || MessageId.parse(replyToId).isPresent(),
                            "not_an_id",
                            "'reply_to_id' is not a message id.")
                    .orRefuse();
        }
    }

    /**
     * What an edit says.
     *
     * @param content 1 to {@value #MAX_CONTENT} code points
     */
    record Edit(String content) {
        Edit {
            new Violations()
                    .text("content", content, 1, MAX_CONTENT)
                    .check("content", content == null || !content.isBlank(), "blank", "'content' must not be blank.")
                    .orRefuse();
        }
    }

    private final CommitLanes lanes;
    private final Members members;
    private final History history;

    MessageApi(CommitLanes lanes, Members members, History history) {
        this.lanes = lanes;
        this.members = members;
        this.history = history;
    }

    void routes(Routes open, Routes internal) {
        internal.peer(Method.POST, "/internal/chats/{chat_id}/messages", this::sendFor);
        open.post("/api/chats/{chat_id}/messages", this::send)
                .get("/api/messages/{message_id}", this::get)
                .put("/api/messages/{message_id}", this::edit)
                .delete("/api/messages/{message_id}", this::delete);
    }

    private void send(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        Draft draft = Json.read(request, Draft.class);
        String clientId = draft.clientId() != null
                ? draft.clientId()
                : Idempotency.key(request).orElse(null);
        MessageSent sent = send(chatId, caller.userId(), draft, clientId);
        response.header(HeaderNames.LOCATION, "/api/messages/" + sent.message().id());
        if (sent.replayed()) {
            response.header(Idempotency.REPLAYED);
        }
        answer(response, sent.replayed() ? Status.OK_200 : Status.CREATED_201, sent.message());
    }

    /** A send that a gateway has taken from a user's socket. */
    private void sendFor(ServerRequest request, ServerResponse response) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        Draft draft = Json.read(request, Draft.class);
        Json.send(response, Status.OK_200, send(chatId, InternalApi.user(request), draft, draft.clientId()));
    }

    private MessageSent send(UUID chatId, UUID userId, Draft draft, String clientId) {
        MessageId replyTo = MessageId.parse(draft.replyToId()).orElse(null);
        Outcome outcome =
                commit(userId, cause -> new Change.Send(chatId, userId, draft.content(), replyTo, clientId, cause));
        return switch (outcome) {
            case Committed(Message message) -> new MessageSent(message, false);
            case Unchanged(Message message) -> new MessageSent(message, true);
            case Rejected(var problem) -> throw problem.refuse();
            case Stranger() -> throw Problems.noSuchChat().refuse();
        };
    }

    private void edit(ServerRequest request, ServerResponse response, Caller caller) {
        MessageId id = messageId(request);
        Edit edit = Json.read(request, Edit.class);
        UUID userId = caller.userId();
        Long expected = expected(request);

        switch (commit(userId, cause -> new Change.Edit(id, userId, edit.content(), expected, cause))) {
            case Committed(Message message) -> answer(response, Status.OK_200, message);
            case Unchanged(Message message) -> answer(response, Status.OK_200, message);
            case Rejected(var problem) -> throw problem.refuse();
            case Stranger() -> throw Problems.noSuchMessage().refuse();
        }
    }

    private void delete(ServerRequest request, ServerResponse response, Caller caller) {
        MessageId id = messageId(request);
        UUID userId = caller.userId();

        switch (commit(userId, cause -> new Change.Delete(id, userId, cause))) {
            case Committed _, Unchanged _ ->
                response.status(Status.NO_CONTENT_204).send();
            case Rejected(var problem) -> throw problem.refuse();
            case Stranger() -> throw Problems.noSuchMessage().refuse();
        }
    }

    private void get(ServerRequest request, ServerResponse response, Caller caller) {
        MessageId id = messageId(request);
        Message message = members.require(
                        id.chatId(),
                        caller.userId(),
                        Problems.noSuchMessage(),
                        (connection, _) -> history.message(connection, id))
                .read()
                .orElseThrow(() -> Problems.noSuchMessage().refuse());
        answer(response, Status.OK_200, message);
    }

    /** Commits; where our replica of the members doesn't know the caller, asks chat-service once and tries again. */
    private Outcome commit(UUID userId, Function<Cause, Change> wanted) {
        return Span.step("commit", () -> {
            Change change = wanted.apply(Cause.current());
            Outcome outcome = lanes.commit(change);
            boolean behind = outcome instanceof Stranger && members.isAfterAll(change.chatId(), userId);
            return behind ? lanes.commit(change) : outcome;
        });
    }

    private static void answer(ServerResponse response, Status status, Message message) {
        response.header(HeaderNames.ETAG, "\"" + message.changedSeq() + "\"");
        Json.send(response, status, message);
    }

    private static MessageId messageId(ServerRequest request) {
        return MessageId.parse(request.path().pathParameters().get("message_id"))
                .orElseThrow(() -> Problems.noSuchMessage().refuse());
    }

    /** The {@code changed_seq} that {@code If-Match} demands (RFC 9110, section 13.1.1); null if it demands none. */
    private static Long expected(ServerRequest request) {
        if (!request.headers().contains(HeaderNames.IF_MATCH)) {
            return null;
        }
        String tag = request.headers().get(HeaderNames.IF_MATCH).get().strip();
        if (tag.equals("*")) {
            return null;
        }
        // A gateway that compresses marks our tag as weak on its way out; it still names one state.
        String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
        return strong.matches("\"[0-9]{1,18}\"") ? Long.parseLong(strong, 1, strong.length() - 1, 10) : -1L;
    }
}
