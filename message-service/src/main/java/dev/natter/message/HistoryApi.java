package dev.natter.message;

import dev.natter.message.History.Page;
import dev.natter.message.Members.Access;
import dev.natter.message.Members.Admitted;
import dev.natter.platform.http.EntityTag;
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

        if (isKnown(request, response, chatId, caller)) {
            return;
        }
        Reading<Page> reading;
        if (after.isPresent()) {
            reading = history.after(chatId, after.getAsLong(), limit);
        } else if (around.isPresent()) {
            reading = history.around(chatId, around.getAsLong(), limit);
        } else {
            reading = history.before(chatId, before.orElse(Long.MAX_VALUE), limit);
        }
        // The number is read before the page: what the page shows beyond it comes again to whoever joins since it, and
        // is known by its seq.
        Admitted<Page> admitted = members.require(chatId, caller.userId(), Problems.noSuchChat(), reading);
        Page page = admitted.read();
        if (page.newer() && page.newest() > 0) {
            Query.link(request, response, "next", Map.of("after", String.valueOf(page.newest())));
        }
        if (page.older() && page.oldest() > 0) {
            String rel = around.isPresent() ? "prev" : "next";
            Query.link(request, response, rel, Map.of("before", String.valueOf(page.oldest())));
        }
        stateOf(response, admitted.access());
        Json.send(response, Status.OK_200, page.json());
    }

    /** Answers a member who has the page (RFC 9110, section 13.1.2): nothing in the chat has changed since. */
    private boolean isKnown(ServerRequest request, ServerResponse response, UUID chatId, Caller caller) {
        if (!request.headers().contains(HeaderNames.IF_NONE_MATCH)) {
            return false;
        }
        Access access = members.require(chatId, caller.userId(), Problems.noSuchChat());
        if (!EntityTag.isKnown(request, history.tag(access.seq()))) {
            return false;
        }
        stateOf(response, access);
        response.status(Status.NOT_MODIFIED_304).send();
        return true;
    }

    private void stateOf(ServerResponse response, Access access) {
        trueFor(response, access.seq(), history.epoch());
        response.header(HeaderNames.ETAG, history.tag(access.seq()));
    }

    private void changes(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        long since = Query.number(request, "since").orElse(0);
        int limit = Query.limit(request);
        Admitted<byte[]> changes =
                members.require(chatId, caller.userId(), Problems.noSuchChat(), history.changes(chatId, since, limit));
        Json.send(response, Status.OK_200, changes.read());
    }

    /** Says which state of a chat's log an answer is true for. */
    static void trueFor(ServerResponse response, long seq, String epoch) {
        response.header(SEQ, String.valueOf(seq)).header(EPOCH, epoch);
    }
}
