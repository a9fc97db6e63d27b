package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Chat.Member;
import dev.natter.contracts.Chat.Role;
import dev.natter.testing.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolesServiceTest {
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

    /** Who (a role) does what, to whom (a role), and what comes of it. */
    @ParameterizedTest
    @CsvSource({
        "owner, remove, owner, 204",
        "owner, remove, admin, 204",
        "owner, remove, member, 204",
        "admin, remove, owner, 403",
        "admin, remove, admin, 403",
        "admin, remove, member, 204",
        "member, remove, owner, 403",
        "member, remove, admin, 403",
        "member, remove, member, 403",
        "owner, appoint, owner, 200",
        "owner, appoint, admin, 200",
        "owner, appoint, member, 200",
        "admin, appoint, owner, 403",
        "admin, appoint, admin, 403",
        "admin, appoint, member, 403",
        "member, appoint, owner, 403",
        "member, appoint, admin, 403",
        "member, appoint, member, 403",
        "owner, add, , 201",
        "admin, add, , 201",
        "member, add, , 403",
        "owner, rename, , 200",
        "admin, rename, , 200",
        "member, rename, , 403",
        "owner, delete, , 204",
        "admin, delete, , 403",
        "member, delete, , 403",
        "admin, leave, , 204",
        "member, leave, , 204",
    })
    void rolesDecide(Role who, String what, Role whom, int status) {
        UUID actor = stage.user();
        UUID target = stage.user();
        UUID chatId = stage.group(ann, actor, target);
        stage.appoints(ann, chatId, actor, who);
        stage.appoints(ann, chatId, target, whom == null ? Role.member : whom);

        Reply reply = switch (what) {
            case "remove" -> stage.removes(actor, chatId, target);
            case "appoint" -> stage.appoints(actor, chatId, target, whom == Role.admin ? Role.member : Role.admin);
            case "add" -> stage.adds(actor, chatId, bob);
            case "rename" -> stage.as(actor).patch(chat(chatId), Map.of("title", "x"));
            case "delete" -> stage.as(actor).delete(chat(chatId));
            case "leave" -> stage.removes(actor, chatId, actor);
            default -> throw new IllegalArgumentException(what);
        };

        assertThat(reply.status()).isEqualTo(status);
        if (status == 403) {
            assertThat(reply.json().path("code").asString()).isEqualTo("forbidden");
            assertThat(stage.as(ann).get(chat(chatId)).as(Chat.class).memberCount())
                    .isEqualTo(3);
        }
    }

    @Test
    void toAnOutsiderThereIsNoSuchChatWhateverTheyTry() {
        UUID chatId = stage.group(ann, bob);
        UUID gone = stage.user();
        stage.adds(ann, chatId, gone);
        stage.removes(ann, chatId, gone);

        for (UUID outsider : List.of(eve, gone)) {
            var api = stage.as(outsider);
            var replies = List.of(
                    api.get(path(chatId)),
                    api.post(path(chatId), Map.of("user_ids", List.of(outsider))),
                    api.post(path(chatId), Map.of("user_ids", List.of(UUID.randomUUID()))),
                    api.patch(path(chatId) + "/" + bob, Map.of("role", "admin")),
                    api.delete(path(chatId) + "/" + bob),
                    api.delete(path(chatId) + "/" + outsider),
                    api.patch(chat(chatId), Map.of("title", "x")),
                    api.delete(chat(chatId)));
            assertThat(replies).extracting(Reply::status).containsOnly(404);
        }
        assertThat(stage.nobody().get(path(chatId)).status()).isEqualTo(401);
        assertThat(members(chatId, ann)).hasSize(2);
    }

    @Test
    void theLastOwnerHandsOverBeforeLeaving() {
        UUID chatId = stage.group(ann, bob);

        Reply leaving = stage.removes(ann, chatId, ann);
        Reply stepping = stage.appoints(ann, chatId, ann, Role.member);

        assertThat(List.of(leaving, stepping))
                .allSatisfy(reply -> assertThat(reply.status()).isEqualTo(409))
                .allSatisfy(reply ->
                        assertThat(reply.json().path("code").asString()).isEqualTo("last_owner"));

        assertThat(stage.appoints(ann, chatId, bob, Role.owner).status()).isEqualTo(200);
        assertThat(stage.removes(ann, chatId, ann).status()).isEqualTo(204);
        assertThat(members(chatId, bob)).extracting(Member::role).containsExactly(Role.owner);
    }

    @Test
    void whoLeavesAloneTakesTheChatAlong() {
        UUID chatId = stage.group(ann);

        assertThat(stage.removes(ann, chatId, ann).status()).isEqualTo(204);

        assertThat(stage.as(ann).get(chat(chatId)).status()).isEqualTo(404);
        assertThat(stage.peer().get("/internal/chats/" + chatId + "/members").status())
                .isEqualTo(404);
    }

    @Test
    void theTwoOfADirectChatStayTheTwo() {
        UUID chatId = stage.direct(ann, bob);

        var replies = List.of(
                stage.adds(ann, chatId, eve),
                stage.removes(ann, chatId, bob),
                stage.removes(ann, chatId, ann),
                stage.appoints(ann, chatId, bob, Role.admin),
                stage.as(ann).patch(chat(chatId), Map.of("title", "Us")));

        assertThat(replies).extracting(Reply::status).containsOnly(409);
        assertThat(replies)
                .extracting(reply -> reply.json().path("code").asString())
                .containsOnly("direct_chat");
        assertThat(members(chatId, ann)).hasSize(2);
    }

    @Test
    void eitherOfADirectChatEndsItAndANewOneMayBegin() {
        UUID chatId = stage.direct(ann, bob);

        assertThat(stage.as(bob).delete(chat(chatId)).status()).isEqualTo(204);

        assertThat(stage.as(ann).get(chat(chatId)).status()).isEqualTo(404);
        assertThat(stage.as(bob).delete(chat(chatId)).status()).isEqualTo(404);
        assertThat(stage.direct(ann, bob)).isNotEqualTo(chatId);
    }

    private static List<Member> members(UUID chatId, UUID viewer) {
        return Arrays.asList(stage.as(viewer).get(path(chatId)).as(Member[].class));
    }

    private static String chat(UUID chatId) {
        return "/api/chats/" + chatId;
    }

    private static String path(UUID chatId) {
        return "/api/chats/" + chatId + "/members";
    }
}
