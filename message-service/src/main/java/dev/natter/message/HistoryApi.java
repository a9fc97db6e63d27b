package dev.natter.message;

import dev.natter.message.History.Page;
import dev.natter.message.History.Side;
import dev.natter.message.History.Window;
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
import java.util.Optional;
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

        Window window;
        if (after.isPresent()) {
            window = new Window(chatId, Side.AFTER, after.getAsLong(), limit);
        } else if (around.isPresent()) {
            window = new Window(chatId, Side.AROUND, around.getAsLong(), limit);
        } else {
            window = new Window(chatId, Side.BEFORE, before.orElse(Long.MAX_VALUE), limit);
        }
        String epoch = history.epoch();
        // Who has the page already (RFC 9110, section 13.1.2) isn't sent it again: nothing in the chat has changed
        // since.
        Admitted<Optional<Page>> admitted = members.require(
                chatId,
                caller.userId(),
                Problems.noSuchChat(),
                (connection, access) -> EntityTag.isKnown(request, history.tag(epoch, access.seq()))
                        ? Optional.empty()
                        : Optional.of(history.page(connection, window, access.seq())));
        long seq = admitted.access().seq();
        trueFor(response, seq, epoch);
        response.header(HeaderNames.ETAG, history.tag(epoch, seq));
        if (admitted.read().isEmpty()) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        Page page = admitted.read().get();
        if (page.newer() && page.newest() > 0) {
            Query.link(request, response, "next", Map.of("after", String.valueOf(page.newest())));
        }
        if (page.older() && page.oldest() > 0) {
            String rel = around.isPresent() ? "prev" : "next";
            Query.link(request, response, rel, Map.of("before", String.valueOf(page.oldest())));
        }
        Json.send(response, Status.OK_200, page.json());
    }

    private void changes(ServerRequest request, ServerResponse response, Caller caller) {
        UUID chatId = Query.pathId(request, "chat_id", "chat");
        long since = Query.number(request, "since").orElse(0);
        int limit = Query.limit(request);
        String epoch = history.epoch();
        Admitted<byte[]> changes = members.require(
                chatId,
                caller.userId(),
                Problems.noSuchChat(),
                (connection, _) -> history.changes(connection, epoch, chatId, since, limit));
        Json.send(response, Status.OK_200, changes.read());
    }

    /** Says which state of a chat's log an answer is true for. */
    static void trueFor(ServerResponse response, long seq, String epoch) {
        response.header(SEQ, String.valueOf(seq)).header(EPOCH, epoch);
    }
}
