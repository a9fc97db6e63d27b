package dev.natter.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.conformance.Step.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Plays the kit's files; {@code kit/README.md} says what is in them. */
class KitTest {
    private static final Path KIT = Path.of("kit");
    private static final Pattern MESSAGES = Pattern.compile("/api/chats/([^/]+)/messages(?:\\?before=(\\d+))?");
    private static final Pattern CHANGES = Pattern.compile("/api/chats/([^/]+)/changes\\?since=(\\d+)");
    private static final Pattern CHATS = Pattern.compile("/api/chats\\?changed_since=(\\d+)");

    private final ClientState client = new ClientState();

    static Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(KIT)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void theReferenceDoesWhatTheKitSays(String file) throws IOException {
        JsonNode kit = Log.JSON.readTree(Files.readString(KIT.resolve(file)));
        int number = 0;
        for (JsonNode step : kit.path("steps")) {
            String where = file + ", step " + ++number + ": " + step;
            Step done = take(step);
            String verdict = done.verdict().name().toLowerCase(Locale.ROOT);
            assertThat(verdict).as(where).isEqualTo(step.path("verdict").asString(verdict));
            assertThat(shown(done.next()).toString())
                    .as(where)
                    .isEqualTo(step.path("next").toString());
            holds(where, shown(), step.path("state"));
        }
    }

    private Step take(JsonNode step) {
        if (step.has("frame")) {
            return client.hear(step.path("frame"));
        }
        if (step.has("follow")) {
            return client.follow(step.path("follow").asString());
        }
        if (step.has("answer")) {
            return answer(step.path("answer"));
        }
        client.closed();
        return Step.of(Verdict.APPLIED);
    }

    private Step answer(JsonNode answer) {
        String path = answer.path("get").asString();
        JsonNode headers = answer.path("headers");
        JsonNode body = answer.path("body");
        boolean more = headers.path("Link").asString("").contains("rel=\"next\"");
        String epoch = headers.path("Natter-Epoch").asString(null);
        Matcher match = MESSAGES.matcher(path);
        if (match.matches()) {
            if (answer.path("status").asInt() == 404) {
                client.forget(match.group(1));
                return Step.of(Verdict.APPLIED);
            }
            Long before = match.group(2) == null ? null : Long.valueOf(match.group(2));
            long seq = Long.parseLong(headers.path("Natter-Seq").asString());
            return client.page(new Page(match.group(1), seq, epoch, before, list(body), more));
        }
        match = CHANGES.matcher(path);
        if (match.matches()) {
            return client.changes(match.group(1), Long.parseLong(match.group(2)), body);
        }
        match = CHATS.matcher(path);
        assertThat(match.matches()).as(path).isTrue();
        if (answer.path("status").asInt() == 409) {
            return client.chatsAhead();
        }
        long number = Long.parseLong(headers.path("Natter-User-Seq").asString());
        return client.chats(Long.parseLong(match.group(1)), number, epoch, list(body), more);
    }

    private static ArrayNode shown(List<Action> next) {
        ArrayNode shown = Log.JSON.createArrayNode();
        for (Action action : next) {
            ObjectNode each = shown.addObject();
            switch (action) {
                case Action.Join join -> {
                    each.set("send", join.frame());
                    if (join.afterMs() > 0) {
                        each.put("after_ms", join.afterMs());
                    }
                }
                case Action.Load load -> each.put("get", load.path());
                case Action.Fetch fetch -> each.put("get", fetch.path());
                case Action.FetchChats fetch -> each.put("get", fetch.path());
                case Action.Authenticate _ -> each.put("authenticate", true);
                case Action.Reconnect reconnect -> each.put("reconnect", reconnect.afterMs());
            }
        }
        return shown;
    }

    private ObjectNode shown() {
        ObjectNode state =
                Log.JSON.createObjectNode().put("user_seq", client.box().local());
        state.put("unread_total", client.box().unreadTotal());
        ObjectNode chats = state.putObject("chats");
        client.box().chats().forEach((id, chat) -> chats.set(id, shown(chat)));
        ObjectNode timelines = state.putObject("timelines");
        client.followed().forEach(id -> timelines.set(id, shown(client.timeline(id))));
        ObjectNode typing = state.putObject("typing");
        client.followed().forEach(id -> client.now().typing(id).forEach(typing.putArray(id)::add));
        ObjectNode online = state.putObject("online");
        client.now().online().forEach((id, is) -> online.put(id, is));
        return state;
    }

    private static ObjectNode shown(Chat chat) {
        ObjectNode shown = Log.JSON.createObjectNode().put("title", chat.title());
        chat.members().forEach(shown.putObject("members")::put);
        shown.put("member_count", chat.memberCount()).put("user_seq", chat.userSeq());
        shown.put("seq", chat.seq()).put("last_message", chat.lastMessage());
        return shown.put("unread_count", chat.unreadCount()).put("last_read_seq", chat.lastReadSeq());
    }

    private static ObjectNode shown(Timeline timeline) {
        ObjectNode shown = Log.JSON.createObjectNode().put("local", timeline.local());
        shown.put("epoch", timeline.epoch()).put("loading", timeline.isLoading());
        shown.put("link", timeline.link().name().toLowerCase(Locale.ROOT)).put("held_from", timeline.heldFrom());
        ArrayNode messages = shown.putArray("messages");
        for (Message message : timeline.messages()) {
            ObjectNode each = messages.addObject().put("id", message.id()).put("seq", message.seq());
            each.put("changed_seq", message.changedSeq()).put("content", message.content());
            each.put("edited", message.edited()).put("deleted", message.deleted());
            message.files().forEach(each.putArray("files")::add);
        }
        timeline.reads().forEach(shown.putObject("reads")::put);
        return shown;
    }

    /** What is named must be so. */
    private static void holds(String where, JsonNode held, JsonNode wanted) {
        if (wanted.isObject()) {
            assertThat(held.isObject())
                    .as("%s: %s, not %s", where, wanted, held)
                    .isTrue();
            wanted.properties().forEach(each -> holds(where, held.path(each.getKey()), each.getValue()));
        } else if (wanted.isNull()) {
            assertThat(held.isMissingNode() || held.isNull())
                    .as("%s: %s", where, held)
                    .isTrue();
        } else if (!wanted.isMissingNode()) {
            assertThat(held.toString()).as(where).isEqualTo(wanted.toString());
        }
    }

    private static List<JsonNode> list(JsonNode array) {
        var list = new ArrayList<JsonNode>();
        array.forEach(list::add);
        return list;
    }
}
