package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Internal.State;
import dev.natter.contracts.Message;
import dev.natter.testing.Api;
import dev.natter.testing.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListServiceTest {
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; *rel=\"next\"");

    private static ChatStage stage;
    private static Said said;

    private final UUID ann = stage.user();
    private final UUID bob = stage.user();

    @BeforeAll
    static void open() {
        stage = new ChatStage();
        said = new Said(stage);
    }

    @AfterAll
    static void close() {
        said.close();
        stage.close();
    }

    @Test
    void theLatestActiveChatIsFirst() {
        UUID one = stage.group(ann);
        UUID two = stage.group(ann);
        assertThat(ids(stage.as(ann), "/api/chats")).containsExactly(two, one);

        said.tell(Said.created(Said.message(one, 1, 1)));

        await().untilAsserted(() -> assertThat(ids(stage.as(ann), "/api/chats")).containsExactly(one, two));
    }

    @Test
    void whoIsInNoChatHasAnEmptyList() {
        Reply reply = stage.as(ann).get("/api/chats");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json()).isEmpty();
    }

    @Test
    void aChatShowsExactlyWhatMessageServiceSays() {
        UUID chatId = stage.group(ann, bob);
        Message last = Said.message(chatId, 7, 9);
        stage.states.put(chatId, new State(chatId, 9, last, 4, 2));

        for (Reply reply :
                List.of(stage.as(ann).get("/api/chats"), stage.as(ann).get("/api/chats/" + chatId))) {
            assertThat(reply.header("Natter-Epoch")).isEqualTo(ChatStage.EPOCH);
            Chat chat = reply.json().isArray() ? reply.as(Chat[].class)[0] : reply.as(Chat.class);
            assertThat(chat.seq()).isEqualTo(9);
            assertThat(chat.lastMessage()).isEqualTo(last);
            assertThat(chat.lastReadSeq()).isEqualTo(4);
            assertThat(chat.unreadCount()).isEqualTo(2);
        }
    }

    @Test
    void aPageAsksMessageServiceOnce() {
        for (int i = 0; i < 10; i++) {
            stage.group(ann);
        }
        int before = stage.message.asked().size();

        stage.as(ann).get("/api/chats");

        assertThat(stage.message.asked()).hasSize(before + 1);
        assertThat(stage.message.asked().getLast().credential())
                .isEqualTo(stage.ground.secret().credential());
    }

    @Test
    void pagesShowEveryQuietChatOnceWhileOthersMove() {
        List<UUID> made = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            made.addFirst(stage.group(ann));
        }
        Api api = stage.as(ann);
        List<UUID> seen = new ArrayList<>();
        String next = "/api/chats?limit=10";
        for (int page = 0; next != null; page++) {
            Reply reply = api.get(next);
            seen.addAll(ids(reply));
            next = next(reply);
            if (page == 0) {
                UUID moved = made.get(12);
                said.tell(Said.created(Said.message(moved, 1, 1)));
                await().until(() -> ids(api, "/api/chats").getFirst().equals(moved));
                made.remove(moved);
            }
        }

        assertThat(seen).containsExactlyElementsOf(made);
    }

    @Test
    void aPageThatHoldsAllHasNoNext() {
        stage.group(ann);
        stage.group(ann);

        assertThat(next(stage.as(ann).get("/api/chats?limit=2"))).isNull();
        assertThat(next(stage.as(ann).get("/api/chats?limit=1"))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=201", "limit=x", "limit=-1", "cursor=x", "cursor=%00", "cursor=%D1%8F"})
    void nonsenseInTheQueryIsRefused(String query) {
        assertThat(stage.as(ann).get("/api/chats?" + query).status()).isEqualTo(422);
    }

    @Test
    void toAnOutsiderAChatIsAsAbsentAsOneThatIsNot() {
        UUID chatId = stage.group(bob);

        Reply foreign = stage.as(ann).get("/api/chats/" + chatId);
        Reply absent = stage.as(ann).get("/api/chats/" + UUID.randomUUID());
        Reply garbage = stage.as(ann).get("/api/chats/%27%20or%201=1");

        assertThat(foreign.status()).isEqualTo(404);
        assertThat(absent.status()).isEqualTo(404);
        assertThat(garbage.status()).isEqualTo(404);
        assertThat(withoutRequestId(foreign))
                .isEqualTo(withoutRequestId(absent))
                .isEqualTo(withoutRequestId(garbage));
        assertThat(ids(stage.as(ann), "/api/chats")).isEmpty();
    }

    @Test
    void withoutATokenNothingIsShown() {
        UUID chatId = stage.group(ann);

        assertThat(stage.nobody().get("/api/chats").status()).isEqualTo(401);
        assertThat(stage.nobody().get("/api/chats/" + chatId).status()).isEqualTo(401);
    }

    @Test
    void onlyAnotherServiceIsToldWhoIsIn() {
        String path = "/internal/chats/" + stage.group(ann, bob) + "/members";

        assertThat(stage.peer().get(path).status()).isEqualTo(200);
        assertThat(stage.peer()
                        .get("/internal/chats/" + UUID.randomUUID() + "/members")
                        .status())
                .isEqualTo(404);
        assertThat(stage.internal().get(path).status()).isIn(401, 403);
        assertThat(stage.internal().as(stage.ground.token(ann)).get(path).status())
                .isIn(401, 403);
        assertThat(stage.as(ann).get(path).status()).isEqualTo(404);
    }

    private static String withoutRequestId(Reply reply) {
        return reply.text().replaceAll("\"request_id\":\"[^\"]*\"", "");
    }

    private static List<UUID> ids(Api api, String path) {
        return ids(api.get(path));
    }

    private static List<UUID> ids(Reply reply) {
        return Arrays.stream(reply.as(Chat[].class)).map(Chat::id).toList();
    }

    private static String next(Reply reply) {
        String link = reply.header("Link");
        var next = NEXT.matcher(link == null ? "" : link);
        return next.find() ? next.group(1) : null;
    }
}
