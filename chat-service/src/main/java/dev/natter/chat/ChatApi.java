package dev.natter.chat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Chat.Member;
import dev.natter.contracts.Chat.Role;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Outgoing;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Idempotency;
import dev.natter.platform.http.Idempotency.Answer;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.Routes;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.token.Caller;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Creates chats and shows them. */
final class ChatApi {
    private static final HeaderName EPOCH = HeaderNames.create("Natter-Epoch");

    private final Database database;
    private final Outbox outbox;
    private final Chats chats;
    private final Members members;
    private final Views views;
    private final KnownUsers users;
    private final int membersMax;

    ChatApi(
            Database database,
            Outbox outbox,
            Chats chats,
            Members members,
            Views views,
            KnownUsers users,
            int membersMax) {
        this.database = database;
        this.outbox = outbox;
        this.chats = chats;
        this.members = members;
        this.views = views;
        this.users = users;
        this.membersMax = membersMax;
    }

    void routes(Routes open, Routes internal) {
        open.get("/api/chats", this::list);
        open.post("/api/chats", this::create);
        open.get("/api/chats/{chat_id}", this::get);
        internal.peer(Method.GET, "/internal/chats/{chat_id}/members", this::membership);
    }

    private void list(ServerRequest request, ServerResponse response, Caller caller) {
        int limit = Query.limit(request);
        Cursor after = Query.text(request, "cursor").map(Cursor::parse).orElse(Cursor.START);
        List<Chats.Row> rows = chats.page(caller.userId(), after, limit + 1);
        List<Chats.Row> page = rows.subList(0, Math.min(limit, rows.size()));
        if (rows.size() > limit) {
            Query.link(
                    request,
                    response,
                    "next",
                    Map.of("cursor", Cursor.after(page.getLast()).toString()));
        }
        Views.Seen seen = views.of(caller.userId(), page);
        tellEpoch(response, seen);
        Json.send(response, Status.OK_200, seen.chats());
    }

    private void get(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        Chats.Row row = chats.find(caller.userId(), chatId)
                .orElseThrow(() -> Problems.noSuchChat().refuse());
        Views.Seen seen = views.of(caller.userId(), List.of(row));
        tellEpoch(response, seen);
        Json.send(response, Status.OK_200, seen.chats().getFirst());
    }

    private void membership(ServerRequest request, ServerResponse response) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        Json.send(
                response,
                Status.OK_200,
                members.of(chatId).orElseThrow(() -> Problems.noSuchChat().refuse()));
    }

    private void create(ServerRequest request, ServerResponse response, Caller caller) {
        NewChat wish = Json.read(request, NewChat.class);
        Set<UUID> others = wish.others(caller.userId(), membersMax);
        var attempt = Idempotency.of(request, caller.userId(), Json.bytes(wish));
        Answer answer = switch (wish.type()) {
            case group -> found(caller, wish, others, attempt).orElseThrow();
            case direct -> {
                UUID other = others.iterator().next();
                // The third step is for those who lost the race of the second: now there is one.
                yield existing(caller, other, attempt)
                        .or(() -> found(caller, wish, others, attempt))
                        .or(() -> existing(caller, other, attempt))
                        .orElseThrow();
            }
        };
        answer.send(response);
    }

    private Optional<Answer> existing(Caller caller, UUID other, Idempotency attempt) {
        return chats.direct(caller.userId(), other)
                .flatMap(chatId -> chats.find(caller.userId(), chatId))
                .map(row -> views.of(caller.userId(), List.of(row)).chats().getFirst())
                .map(chat -> database.inTransaction(connection -> {
                    Optional<Answer> first = attempt.replay(connection);
                    return first.isPresent() ? first.get() : attempt.store(connection, answer(Status.OK_200, chat));
                }));
    }

    /** Creates the chat, unless the two of a direct one have one already. */
    private Optional<Answer> found(Caller caller, NewChat wish, Set<UUID> others, Idempotency attempt) {
        users.demand(others);
        return outbox.commit(tx -> {
            Optional<Answer> first = attempt.replay(tx.connection());
            if (first.isPresent()) {
                return first;
            }
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            List<Member> all = new ArrayList<>();
            // The two of a direct chat are equals: neither may delete what the other said.
            all.add(new Member(caller.userId(), wish.type() == Chat.Type.group ? Role.owner : Role.member, now));
            others.forEach(id -> all.add(new Member(id, Role.member, now)));
            UUID chatId = Uuid7.next();
            if (!chats.insert(tx.connection(), chatId, wish.type(), wish.title(), all, now)) {
                return Optional.empty();
            }
            members.insert(tx.connection(), chatId, all);
            var event = new ChatEvent.Created(
                    chatId, 1, chatId + ".1", now, wish.type(), wish.title(), List.copyOf(all), Map.of());
            tx.emit(new Outgoing(Subjects.of(chatId, event), event.id(), event.version(), Json.bytes(event)));
            List<Member> shown = all.subList(0, Math.min(Chat.MEMBERS_SHOWN, all.size()));
            var chat = new Chat(chatId, wish.type(), wish.title(), shown, all.size(), now, 0, null, 0L, 0, 0);
            return Optional.of(attempt.store(tx.connection(), answer(Status.CREATED_201, chat)));
        });
    }

    private static Answer answer(Status status, Chat chat) {
        return new Answer(status.code(), Json.bytes(chat), "/api/chats/" + chat.id());
    }

    private static void tellEpoch(ServerResponse response, Views.Seen seen) {
        if (seen.epoch() != null) {
            response.header(HeaderValues.create(EPOCH, seen.epoch()));
        }
    }
}
