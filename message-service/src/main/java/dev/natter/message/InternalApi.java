package dev.natter.message;

import dev.natter.contracts.Internal.Dataset;
import dev.natter.contracts.Internal.Head;
import dev.natter.contracts.Internal.Heads;
import dev.natter.contracts.Internal.Seats;
import dev.natter.contracts.Internal.States;
import dev.natter.contracts.Internal.StatesQuery;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.message.Members.Places;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.Routes;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What other services ask; see {@link dev.natter.contracts.Internal}. */
final class InternalApi {
    private final Members members;
    private final History history;
    private final Unreads unreads;

    InternalApi(Members members, History history, Unreads unreads) {
        this.members = members;
        this.history = history;
        this.unreads = unreads;
    }

    void routes(Routes internal) {
        internal.peer(Method.GET, "/internal/dataset", this::dataset)
                .peer(Method.POST, "/internal/heads", this::heads)
                .peer(Method.GET, "/internal/chats/{chat_id}/changes", this::changes)
                .peer(Method.GET, "/internal/messages/{message_id}", this::message)
                .peer(Method.POST, "/internal/chats/states", this::states);
    }

    private void dataset(ServerRequest request, ServerResponse response) {
        Json.send(response, Status.OK_200, new Dataset(history.epoch()));
    }

    private void heads(ServerRequest request, ServerResponse response) {
        Places places = members.find(Set.copyOf(Json.read(request, Seats.class).seats()));
        List<Head> heads = places.taken().entrySet().stream()
                .map(place -> new Head(
                        place.getKey().chatId(),
                        place.getKey().userId(),
                        place.getValue().seq(),
                        place.getValue().membersVersion()))
                .toList();
        Json.send(response, Status.OK_200, new Heads(history.epoch(), heads, List.copyOf(places.unsure())));
    }

    private void changes(ServerRequest request, ServerResponse response) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        long since = Query.number(request, "since").orElse(0);
        Json.send(response, Status.OK_200, history.changes(chatId, since, Query.limit(request)));
    }

    private void message(ServerRequest request, ServerResponse response) {
        MessageId id = MessageId.parse(request.path().pathParameters().get("message_id"))
                .orElseThrow(() -> Problems.noSuchMessage().refuse());
        Message message = members.require(
                        id.chatId(),
                        user(request),
                        Problems.noSuchMessage(),
                        (connection, _) -> history.message(connection, id))
                .read()
                .orElseThrow(() -> Problems.noSuchMessage().refuse());
        Json.send(response, Status.OK_200, message);
    }

    private void states(ServerRequest request, ServerResponse response) {
        StatesQuery query = Json.read(request, StatesQuery.class);
        Json.send(
                response, Status.OK_200, new States(history.epoch(), unreads.states(query.userId(), query.chatIds())));
    }

    /** On whose behalf a neighbour asks. */
    static UUID user(ServerRequest request) {
        return Query.text(request, "user_id")
                .flatMap(Query::id)
                .orElseThrow(() -> Problem.malformed("'user_id' is needed.").refuse());
    }
}
