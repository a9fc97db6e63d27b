package dev.natter.chat;

import dev.natter.contracts.Chat.Member;
import dev.natter.platform.http.Idempotency;
import dev.natter.platform.http.Idempotency.Answer;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.Routes;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.token.Caller;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Shows who is in a chat, and changes it. */
final class MemberApi {
    private static final long BEFORE_THE_FIRST = -1;

    private final Outbox outbox;
    private final Members members;
    private final KnownUsers users;
    private final int membersMax;

    MemberApi(Outbox outbox, Members members, KnownUsers users, int membersMax) {
        this.outbox = outbox;
        this.members = members;
        this.users = users;
        this.membersMax = membersMax;
    }

    void routes(Routes open) {
        open.get("/api/chats/{chat_id}/members", this::list);
        open.post("/api/chats/{chat_id}/members", this::add);
        open.patch("/api/chats/{chat_id}/members/{user_id}", this::appoint);
        open.delete("/api/chats/{chat_id}/members/{user_id}", this::remove);
    }

    private void list(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        int limit = Query.limit(request);
        long after = Query.number(request, "cursor").orElse(BEFORE_THE_FIRST);
        Members.Page page = members.page(chatId, caller.userId(), after, limit)
                .orElseThrow(() -> Problems.noSuchChat().refuse());
        if (page.more()) {
            Query.link(request, response, "next", Map.of("cursor", Long.toString(page.last())));
        }
        Json.send(response, Status.OK_200, page.members());
    }

    private void add(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        NewMembers wish = Json.read(request, NewMembers.class);
        Set<UUID> ids = wish.ids(membersMax);
        var attempt = Idempotency.of(request, caller.userId(), Json.bytes(wish));
        // Asked once more under the chat's lock; here, so that one who may not can't ask which users there are.
        var standing = members.standing(chatId, caller.userId())
                .orElseThrow(() -> Problems.noSuchChat().refuse());
        Rights.demandGroup(standing.type());
        Rights.demandManager(standing.role());
        users.demand(ids, "user_ids");
        Answer answer = outbox.commit(tx -> {
            Change change = Change.of(tx, chatId, caller.userId());
            Optional<Answer> first = attempt.replay(tx.connection());
            if (first.isPresent()) {
                return first.get();
            }
            Status status = change.add(ids, membersMax) ? Status.CREATED_201 : Status.OK_200;
            List<Member> named = Members.some(tx.connection(), chatId, ids);
            return attempt.store(
                    tx.connection(), new Answer(status.code(), Json.bytes(named), "/api/chats/" + chatId + "/members"));
        });
        answer.send(response);
    }

    private void appoint(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        UUID userId = Query.pathId(request, "user_id", "member");
        NewRole wish = Json.read(request, NewRole.class);
        Member member =
                outbox.commit(tx -> Change.of(tx, chatId, caller.userId()).appoint(userId, wish.role()));
        Json.send(response, Status.OK_200, member);
    }

    private void remove(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        UUID userId = Query.pathId(request, "user_id", "member");
        outbox.commit(tx -> {
            Change.of(tx, chatId, caller.userId()).remove(userId);
            return null;
        });
        response.status(Status.NO_CONTENT_204).send();
    }
}
