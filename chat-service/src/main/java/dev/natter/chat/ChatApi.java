package dev.natter.chat;

import dev.natter.contracts.Chat;
import dev.natter.platform.db.Database;
import dev.natter.platform.http.Idempotency;
import dev.natter.platform.http.Idempotency.Answer;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.RequestLimits;
import dev.natter.platform.http.Routes;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.token.Caller;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Creates, shows, renames and deletes chats. */
final class ChatApi {
    private static final HeaderName EPOCH = HeaderNames.create("Natter-Epoch");
    private static final HeaderName USER_SEQ = HeaderNames.create("Natter-User-Seq");

    private final Database database;
    private final Outbox outbox;
    private final Chats chats;
    private final Boxes boxes;
    private final Views views;
    private final KnownUsers users;
    private final int membersMax;

    ChatApi(Database database, Outbox outbox, Chats chats, Boxes boxes, Views views, KnownUsers users, int membersMax) {
        this.database = database;
        this.outbox = outbox;
        this.chats = chats;
        this.boxes = boxes;
        this.views = views;
        this.users = users;
        this.membersMax = membersMax;
    }

    void routes(Routes open) {
        open.get("/api/chats", this::list);
        open.post("/api/chats", this::create);
        open.get("/api/chats/{chat_id}", this::get);
        open.patch("/api/chats/{chat_id}", this::rename);
        open.delete("/api/chats/{chat_id}", this::delete);
    }

    /** What clients must not exceed here. */
    ChatLimits limits(RequestLimits requests) {
        return new ChatLimits(membersMax, NewChat.MAX_TITLE, requests);
    }

    private void list(ServerRequest request, ServerResponse response, Caller caller) {
        OptionalLong changedSince = Query.number(request, "changed_since");
        if (changedSince.isPresent()) {
            changed(request, response, caller.userId(), changedSince.getAsLong());
            return;
        }
        int limit = Query.limit(request);
        Cursor after = Query.text(request, "cursor").map(Cursor::parse).orElse(Cursor.START);
        Chats.Page all = chats.page(caller.userId(), after, limit + 1);
        List<Chats.Row> page = all.rows().subList(0, Math.min(limit, all.rows().size()));
        if (all.rows().size() > limit) {
            String cursor = Cursor.after(page.getLast()).toString();
            Query.link(request, response, "next", Map.of("cursor", cursor));
        }
        Views.Seen seen = views.of(caller.userId(), page);
        tell(response, seen, all.userSeq());
        Json.send(response, Status.OK_200, seen.chats());
    }

    /** The box from some number on: chats as they are, and what is left of those that aren't the caller's any more. */
    private void changed(ServerRequest request, ServerResponse response, UUID userId, long since) {
        Boxes.Part part = boxes.since(userId, since, Query.limit(request));
        if (since > part.seq()) {
            throw Problems.ahead(part.seq()).refuse();
        }
        if (part.more()) {
            String next = Long.toString(part.entries().getLast().userSeq());
            Query.link(request, response, "next", Map.of("changed_since", next));
        }
        Views.Seen seen = views.of(
                userId,
                part.entries().stream()
                        .flatMap(entry -> Stream.ofNullable(entry.chat()))
                        .toList());
        var shown = seen.chats().iterator();
        List<Object> all = new ArrayList<>();
        part.entries()
                .forEach(entry -> all.add(
                        entry.chat() == null
                                ? new Chat.Tombstone(entry.chatId(), entry.userSeq(), true, entry.at())
                                : shown.next()));
        tell(response, seen, part.seq());
        Json.send(response, Status.OK_200, all);
    }

    private void get(ServerRequest request, ServerResponse response, Caller caller) {
        show(response, caller, Query.pathId(request, "chat_id", "chat"));
    }

    private void show(ServerResponse response, Caller caller, UUID chatId) {
        Chats.Page found = chats.find(caller.userId(), chatId);
        if (found.rows().isEmpty()) {
            throw Problems.noSuchChat().refuse();
        }
        Views.Seen seen = views.of(caller.userId(), found.rows());
        tell(response, seen, found.userSeq());
        Json.send(response, Status.OK_200, seen.chats().getFirst());
    }

    private void rename(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        NewTitle wish = Json.read(request, NewTitle.class);
        outbox.commit(tx -> {
            Change.of(tx, chatId, caller.userId()).rename(wish.text());
            return null;
        });
        show(response, caller, chatId);
    }

    private void delete(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        outbox.commit(tx -> {
            Change.of(tx, chatId, caller.userId()).delete();
            return null;
        });
        response.status(Status.NO_CONTENT_204).send();
    }

    private void create(ServerRequest request, ServerResponse response, Caller caller) {
        NewChat wish = Json.read(request, NewChat.class);
        Set<UUID> others = wish.others(caller.userId(), membersMax);
        var attempt = Idempotency.of(request, caller.userId(), Json.bytes(wish));
        Supplier<Optional<Answer>> created = () -> created(caller, wish, others, attempt);
        Answer answer = switch (wish.type()) {
            case group -> created.get().orElseThrow();
            case direct -> {
                Supplier<Optional<Answer>> existing =
                        () -> existing(caller, others.iterator().next(), attempt);
                // The third step is for those who lost the race of the second: now there is one. That it is gone again
                // by then is possible, but nobody's purpose.
                yield existing.get()
                        .or(created)
                        .or(existing)
                        .orElseThrow(() -> Problem.unavailable("The other of the two deletes this chat now.")
                                .refuse());
            }
        };
        answer.send(response);
    }

    private Optional<Answer> existing(Caller caller, UUID other, Idempotency attempt) {
        return chats.direct(caller.userId(), other)
                .flatMap(chatId ->
                        views
                                .of(
                                        caller.userId(),
                                        chats.find(caller.userId(), chatId).rows())
                                .chats()
                                .stream()
                                .findFirst())
                .map(chat -> database.inTransaction(connection -> {
                    Optional<Answer> first = attempt.replay(connection);
                    return first.isPresent() ? first.get() : attempt.store(connection, answer(Status.OK_200, chat));
                }));
    }

    /** Creates the chat, unless the two of a direct one have one already. */
    private Optional<Answer> created(Caller caller, NewChat wish, Set<UUID> others, Idempotency attempt) {
        users.demand(others, "member_ids");
        return outbox.commit(tx -> {
            Optional<Answer> first = attempt.replay(tx.connection());
            if (first.isPresent()) {
                return first;
            }
            Optional<Chat> chat = Change.create(tx, caller.userId(), wish, others);
            return chat.isEmpty()
                    ? Optional.empty()
                    : Optional.of(attempt.store(tx.connection(), answer(Status.CREATED_201, chat.get())));
        });
    }

    private static Answer answer(Status status, Chat chat) {
        return new Answer(status.code(), Json.bytes(chat), "/api/chats/" + chat.id());
    }

    private static void tell(ServerResponse response, Views.Seen seen, long userSeq) {
        response.header(HeaderValues.create(USER_SEQ, userSeq));
        if (seen.epoch() != null) {
            response.header(HeaderValues.create(EPOCH, seen.epoch()));
        }
    }
}
