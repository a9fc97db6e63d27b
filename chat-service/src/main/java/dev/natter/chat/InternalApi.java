package dev.natter.chat;

import dev.natter.contracts.Internal;
import dev.natter.contracts.Internal.Box;
import dev.natter.contracts.Internal.BoxEntry;
import dev.natter.contracts.Internal.ChatIds;
import dev.natter.contracts.Internal.Circles;
import dev.natter.contracts.Internal.CirclesQuery;
import dev.natter.contracts.Internal.Seats;
import dev.natter.contracts.Internal.UserIds;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.Routes;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.UUID;

/** What other services may ask; each answer is one query. */
final class InternalApi {
    /** More chats than a socket can join. */
    private static final int CHATS_OF_A_USER = 10_000;

    private final Chats chats;
    private final Members members;
    private final Boxes boxes;

    InternalApi(Chats chats, Members members, Boxes boxes) {
        this.chats = chats;
        this.members = members;
        this.boxes = boxes;
    }

    void routes(Routes internal) {
        internal.peer(Method.GET, "/internal/chats/{chat_id}/members", this::membership);
        internal.peer(Method.POST, "/internal/seats", this::seats);
        internal.peer(Method.GET, "/internal/users/{user_id}/chats", this::chatsOf);
        internal.peer(Method.POST, "/internal/users/{user_id}/acquaintances", this::acquaintances);
        internal.peer(Method.POST, "/internal/circles", this::circles);
        internal.peer(Method.POST, "/internal/boxes", this::standing);
        internal.peer(Method.GET, "/internal/users/{user_id}/box", this::box);
    }

    private void membership(ServerRequest request, ServerResponse response) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        Json.send(
                response,
                Status.OK_200,
                members.of(chatId).orElseThrow(() -> Problems.noSuchChat().refuse()));
    }

    private void seats(ServerRequest request, ServerResponse response) {
        Seats asked = Json.read(request, Seats.class);
        Json.send(response, Status.OK_200, new Seats(members.taken(asked.seats())));
    }

    private void chatsOf(ServerRequest request, ServerResponse response) {
        UUID userId = Query.pathId(request, "user_id", "user");
        Json.send(response, Status.OK_200, new ChatIds(chats.of(userId, CHATS_OF_A_USER)));
    }

    private void acquaintances(ServerRequest request, ServerResponse response) {
        UUID userId = Query.pathId(request, "user_id", "user");
        UserIds asked = Json.read(request, UserIds.class);
        Json.send(response, Status.OK_200, new UserIds(members.acquainted(userId, asked.ids())));
    }

    private void circles(ServerRequest request, ServerResponse response) {
        CirclesQuery asked = Json.read(request, CirclesQuery.class);
        Json.send(response, Status.OK_200, new Circles(members.circles(asked.chatIds(), asked.most())));
    }

    private void standing(ServerRequest request, ServerResponse response) {
        UserIds asked = Json.read(request, UserIds.class);
        Json.send(response, Status.OK_200, new Internal.Boxes(boxes.standing(asked.ids())));
    }

    private void box(ServerRequest request, ServerResponse response) {
        UUID userId = Query.pathId(request, "user_id", "user");
        long since = Query.number(request, "since").orElse(0);
        Boxes.Part part = boxes.since(userId, since, Query.limit(request));
        Json.send(
                response,
                Status.OK_200,
                new Box(
                        userId,
                        part.seq(),
                        part.entries().stream().map(InternalApi::entry).toList(),
                        part.more()));
    }

    private static BoxEntry entry(Boxes.Entry entry) {
        Chats.Row chat = entry.chat();
        return new BoxEntry(
                entry.chatId(),
                entry.userSeq(),
                entry.joinedSeq(),
                entry.version(),
                entry.at(),
                chat == null ? null : chat.type(),
                chat == null ? null : chat.title(),
                chat == null ? List.of() : chat.members(),
                chat == null ? 0 : chat.memberCount());
    }
}
