package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Chat.Member;
import dev.natter.contracts.Chat.Role;
import dev.natter.testing.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembersServiceTest {
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; *rel=\"next\"");

    private static ChatStage stage;

    private final UUID ann = stage.user();
    private final UUID bob = stage.user();
    private final UUID eve = stage.user();

    @BeforeAll
    static void open() {
        stage = new ChatStage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void whoIsAddedIsInAtOnceAndLast() {
        UUID chatId = stage.group(ann, bob);

        Reply reply = stage.adds(ann, chatId, eve, bob, eve);

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.as(Member[].class)).extracting(Member::userId).containsExactly(bob, eve);
        assertThat(reply.as(Member[].class)).extracting(Member::role).containsOnly(Role.member);
        assertThat(members(chatId, eve)).extracting(Member::userId).containsExactly(ann, bob, eve);
        assertThat(stage.as(eve).get(chat(chatId)).as(Chat.class).memberCount()).isEqualTo(3);
    }

    @Test
    void whoIsInAlreadyIsAsGoodAsNotNamed() {
        UUID chatId = stage.group(ann, bob);
        long before = userSeq(ann);

        Reply reply = stage.adds(ann, chatId, bob, ann);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.as(Member[].class)).extracting(Member::role).containsExactly(Role.owner, Role.member);
        assertThat(userSeq(ann)).isEqualTo(before);
    }

    @Test
    void aRemovedMemberIsOutsideAtOnce() {
        UUID chatId = stage.group(ann, bob, eve);

        assertThat(stage.removes(ann, chatId, bob).status()).isEqualTo(204);

        assertThat(stage.as(bob).get(chat(chatId)).status()).isEqualTo(404);
        assertThat(stage.as(bob).get(path(chatId)).status()).isEqualTo(404);
        assertThat(stage.as(bob).get("/api/chats").json()).isEmpty();
        assertThat(members(chatId, ann)).extracting(Member::userId).containsExactly(ann, eve);
        assertThat(stage.removes(ann, chatId, bob).status()).isEqualTo(404);
    }

    @Test
    void aTitleIsChangedAndTakenAway() {
        UUID chatId = stage.group(ann, bob);
        long before = userSeq(bob);

        Reply named = stage.as(ann).patch(chat(chatId), Map.of("title", "  Crew "));
        Reply same = stage.as(ann).patch(chat(chatId), Map.of("title", "Crew"));
        Reply unnamed = stage.as(ann).patch(chat(chatId), "{\"title\":null}");

        assertThat(named.as(Chat.class).title()).isEqualTo("Crew");
        assertThat(named.as(Chat.class).userSeq()).isEqualTo(before + 1);
        assertThat(same.json()).isEqualTo(named.json());
        assertThat(unnamed.as(Chat.class).title()).isNull();
        assertThat(userSeq(bob)).isEqualTo(before + 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "{", "{\"title\":7}", "{\"title\":\" \"}", "{\"title\":[]}"})
    void whatIsNoTitleIsRefused(String body) {
        UUID chatId = stage.group(ann);

        assertThat(stage.as(ann).patch(chat(chatId), body).status()).isIn(400, 422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"user_ids\":null}",
                "{\"user_ids\":[]}",
                "{\"user_ids\":[null]}",
                "{\"user_ids\":[\"x\"]}",
                "{\"user_ids\":\"x\"}",
                "{\"user_ids\":[7]}"
            })
    void whatNamesNobodyIsRefused(String body) {
        UUID chatId = stage.group(ann);

        assertThat(stage.as(ann).post(path(chatId), body).status()).isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"role\":null}", "{\"role\":\"king\"}", "{\"role\":0}"})
    void whatIsNoRoleIsRefused(String body) {
        UUID chatId = stage.group(ann, bob);

        assertThat(stage.as(ann).patch(path(chatId) + "/" + bob, body).status()).isEqualTo(422);
    }

    @Test
    void unknownUsersAreNamed() {
        UUID chatId = stage.group(ann);
        UUID ghost = UUID.randomUUID();

        Reply reply = stage.adds(ann, chatId, bob, ghost);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().at("/errors/0/field").asString()).isEqualTo("user_ids");
        assertThat(reply.json().at("/errors/0/code").asString()).isEqualTo("unknown_user");
        assertThat(members(chatId, ann)).hasSize(1);
    }

    @Test
    void aChatIsFullAtAThousand() {
        UUID[] others = IntStream.range(0, 998).mapToObj(_ -> stage.user()).toArray(UUID[]::new);
        UUID chatId = stage.group(ann, others);

        Reply two = stage.adds(ann, chatId, bob, eve);
        Reply one = stage.adds(ann, chatId, bob);

        assertThat(two.status()).isEqualTo(409);
        assertThat(two.json().path("code").asString()).isEqualTo("too_many_members");
        assertThat(one.status()).isEqualTo(201);
        assertThat(pages(chatId, 200))
                .hasSize(1000)
                .doesNotHaveDuplicates()
                .startsWith(ann)
                .endsWith(bob);
    }

    @Test
    void pagesOfMembersAreInOrderOfArrival() {
        UUID chatId = stage.group(ann, bob);
        stage.adds(ann, chatId, eve);

        assertThat(pages(chatId, 1)).containsExactly(ann, bob, eve);
        assertThat(pages(chatId, 3)).containsExactly(ann, bob, eve);
        assertThat(stage.as(ann).get(path(chatId) + "?cursor=17").json()).isEmpty();
        assertThat(stage.as(ann).get(path(chatId) + "?cursor=x").status()).isEqualTo(422);
        assertThat(stage.as(ann).get(path(chatId) + "?limit=0").status()).isEqualTo(422);
    }

    @Test
    void theSameKeyAddsOnce() {
        UUID chatId = stage.group(ann);
        var api = stage.as(ann).with("Idempotency-Key", "add-1");
        var body = Map.of("user_ids", List.of(bob));

        Reply first = api.post(path(chatId), body);
        stage.removes(ann, chatId, bob);
        Reply again = api.post(path(chatId), body);
        Reply other = api.post(path(chatId), Map.of("user_ids", List.of(eve)));

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.status()).isEqualTo(422);
        assertThat(members(chatId, ann)).hasSize(1);
    }

    private static List<Member> members(UUID chatId, UUID viewer) {
        return Arrays.asList(stage.as(viewer).get(path(chatId)).as(Member[].class));
    }

    private List<UUID> pages(UUID chatId, int limit) {
        List<UUID> all = new ArrayList<>();
        for (String next = path(chatId) + "?limit=" + limit; next != null; ) {
            Reply reply = stage.as(ann).get(next);
            Arrays.stream(reply.as(Member[].class)).map(Member::userId).forEach(all::add);
            String link = reply.header("Link");
            var found = NEXT.matcher(link == null ? "" : link);
            next = found.find() ? found.group(1) : null;
        }
        return all;
    }

    private static long userSeq(UUID user) {
        return Long.parseLong(stage.as(user).get("/api/chats").header("Natter-User-Seq"));
    }

    private static String chat(UUID chatId) {
        return "/api/chats/" + chatId;
    }

    private static String path(UUID chatId) {
        return "/api/chats/" + chatId + "/members";
    }
}
