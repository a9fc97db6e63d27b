package dev.natter.message;

import dev.natter.contracts.Message;
import dev.natter.message.History.Page;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.Routes;
import dev.natter.platform.http.Violations;
import dev.natter.platform.token.Caller;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;

/** The pages of a chat's messages, and what changed in it since. */
final class HistoryApi {
    private static final HeaderName SEQ = HeaderNames.create("Natter-Seq");
    private static final HeaderName EPOCH = HeaderNames.create("Natter-Epoch");

    private final Members members;
    private final History history;

    HistoryApi(Members members, History history) {
        this.members = members;
        this.history = history;
    }

    void routes(Routes open) {
        open.get("/api/chats/{chat_id}/messages", this::page).get("/api/chats/{chat_id}/changes", this::changes);
    }

    private void page(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        int limit = Query.limit(request);
        OptionalLong before = Query.number(request, "before");
        OptionalLong after = Query.number(request, "after");
        OptionalLong around = Query.number(request, "around");
        long bounds =
                Stream.of(before, after, around).filter(OptionalLong::isPresent).count();
        new Violations()
                .check("before", bounds <= 1, "exclusive", "'before', 'after' and 'around' exclude each other.")
                .orRefuse();

        // The number is read before the page: what the page shows beyond it comes again to whoever joins since it, and
        // is known by its seq.
        long seq =
                members.require(chatId, caller.userId(), Problems.noSuchChat()).seq();
        Page page;
        if (after.isPresent()) {
            page = history.after(chatId, after.getAsLong(), limit);
            link(request, response, "next", page.newer(), page.messages());
        } else if (around.isPresent()) {
            page = history.around(chatId, around.getAsLong(), limit);
            link(request, response, "next", page.newer(), page.messages());
            link(request, response, "prev", page.older(), page.messages());
        } else {
            page = before.isPresent()
                    ? history.before(chatId, before.getAsLong(), limit)
                    : history.latest(chatId, limit);
            if (page.older()) {
                Query.link(request, response, "next", older(page.messages()));
            }
        }
        trueFor(response, seq, history.epoch());
        Json.send(response, Status.OK_200, page.messages());
    }

    private void changes(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        long since = Query.number(request, "since").orElse(0);
        int limit = Query.limit(request);
        members.require(chatId, caller.userId(), Problems.noSuchChat());
        Json.send(response, Status.OK_200, history.changes(chatId, since, limit));
    }

    /** Says which state of a chat's log an answer is true for. */
    static void trueFor(ServerResponse response, long seq, String epoch) {
        response.header(SEQ, String.valueOf(seq)).header(EPOCH, epoch);
    }

    private static void link(
            ServerRequest request, ServerResponse response, String rel, boolean more, List<Message> messages) {
        if (more && !messages.isEmpty()) {
            Query.link(request, response, rel, rel.equals("next") ? newer(messages) : older(messages));
        }
    }

    private static Map<String, String> older(List<Message> messages) {
        return Map.of("before", String.valueOf(messages.getFirst().seq()));
    }

    private static Map<String, String> newer(List<Message> messages) {
        return Map.of("after", String.valueOf(messages.getLast().seq()));
    }
}
