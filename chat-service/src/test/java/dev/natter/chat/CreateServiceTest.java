package dev.natter.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Chat;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.Internal.Membership;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import dev.natter.testing.Reply;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreateServiceTest {
    private static ChatStage stage;

    private final UUID ann = stage.user();
    private final UUID bob = stage.user();

    @BeforeAll
    static void open() {
        stage = new ChatStage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @AfterEach
    void everybodyIsBack() {
        stage.authDown = false;
        stage.messageDown = false;
    }

    @Test
    void aGroupHasItsCreatorAsOwnerAndTheOthersInOrder() {
        UUID eve = stage.user();

        Reply reply = stage.as(ann)
                .post("/api/chats", Map.of("type", "group", "title", " Crew ", "member_ids", List.of(eve, bob, eve)));

        assertThat(reply.status()).isEqualTo(201);
        Chat chat = reply.as(Chat.class);
        assertThat(reply.header("Location")).isEqualTo("/api/chats/" + chat.id());
        assertThat(chat.title()).isEqualTo("Crew");
        assertThat(chat.memberCount()).isEqualTo(3);
        assertThat(chat.members()).extracting(Chat.Member::userId).containsExactly(ann, eve, bob);
        assertThat(chat.members())
                .extracting(Chat.Member::role)
                .containsExactly(Chat.Role.owner, Chat.Role.member, Chat.Role.member);
        assertThat(chat.seq()).isZero();
        assertThat(chat.unreadCount()).isZero();
        assertThat(stage.as(bob).get("/api/chats/" + chat.id()).json()).isEqualTo(reply.json());
    }

    @Test
    void itsCreationIsToldWithEveryMember() {
        Queue<Delivery> told = new ConcurrentLinkedQueue<>();
        try (Bus bus = Bus.open(stage.ground.config(), "test")) {
            bus.start();
            bus.subscribe(Subjects.CHATS_ALL, told::add);

            UUID chatId = stage.group(ann, bob);

            await().until(() -> !told.isEmpty());
            Delivery delivery = told.remove();
            assertThat(delivery.subject()).isEqualTo("natter.chat." + chatId + ".created");
            assertThat(delivery.seq()).isEqualTo(1);
            var event = (ChatEvent.Created) Json.parse(delivery.payload(), ChatEvent.class);
            assertThat(event.chatId()).isEqualTo(chatId);
            assertThat(event.members()).extracting(Chat.Member::userId).containsExactly(ann, bob);
        }
    }

    @Test
    void aThousandAreInAChatThatShowsTheFirstFifty() {
        UUID[] others =
                Collections.nCopies(999, 0).stream().map(_ -> stage.user()).toArray(UUID[]::new);

        UUID chatId = stage.group(ann, others);

        Chat chat = stage.as(others[998]).get("/api/chats/" + chatId).as(Chat.class);
        assertThat(chat.memberCount()).isEqualTo(1000);
        assertThat(chat.members()).hasSize(50);
        Membership all =
                stage.peer().get("/internal/chats/" + chatId + "/members").as(Membership.class);
        assertThat(all.version()).isEqualTo(1);
        assertThat(all.members())
                .extracting(Chat.Member::userId)
                .startsWith(ann)
                .endsWith(others);
    }

    @Test
    void oneMoreThanTheMostMembersAreRefused() {
        List<UUID> others = IntStream.range(0, 1000).mapToObj(_ -> stage.user()).toList();

        Reply reply = stage.as(ann).post("/api/chats", Map.of("type", "group", "member_ids", others));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().at("/errors/0/code").asString()).isEqualTo("too_many");
    }

    @Test
    void theSecondDirectChatOfTwoIsTheFirst() {
        Reply first = stage.as(ann).post("/api/chats", direct(bob));
        Reply again = stage.as(ann).post("/api/chats", direct(bob));
        Reply back = stage.as(bob).post("/api/chats", direct(ann));

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(back.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(back.json()).isEqualTo(first.json());
        assertThat(back.header("Idempotent-Replayed")).isNull();
        assertThat(first.json().get("members"))
                .extracting(member -> member.get("role").asString())
                .containsOnly("member");
    }

    @Test
    void sixteenAtOnceMakeOneDirectChat() throws Exception {
        List<Reply> replies = atOnce(IntStream.range(0, 16)
                .<Callable<Reply>>mapToObj(i -> () -> i % 2 == 0
                        ? stage.as(ann).post("/api/chats", direct(bob))
                        : stage.as(bob).post("/api/chats", direct(ann)))
                .toList());

        assertThat(replies).extracting(Reply::status).containsOnly(201, 200).containsOnlyOnce(201);
        assertThat(replies)
                .extracting(reply -> reply.json().path("id").asString())
                .containsOnly(replies.getFirst().json().path("id").asString());
    }

    @Test
    void unknownUsersAreNamed() {
        UUID ghost = UUID.randomUUID();

        Reply reply = stage.as(ann).post("/api/chats", Map.of("type", "group", "member_ids", List.of(bob, ghost)));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().path("code").asString()).isEqualTo("validation_failed");
        assertThat(reply.json().path("errors")).hasSize(1);
        assertThat(reply.json().at("/errors/0/code").asString()).isEqualTo("unknown_user");
        assertThat(reply.json().at("/errors/0/message").asString()).contains(ghost.toString());
    }

    @Test
    void whoWasKnownOnceIsKnownWhileAuthServiceIsDown() {
        stage.group(ann, bob);
        UUID stranger = stage.user();
        stage.authDown = true;

        Reply known = stage.as(ann).post("/api/chats", direct(bob));
        Reply unsure = stage.as(ann).post("/api/chats", direct(stranger));

        assertThat(known.status()).isEqualTo(201);
        assertThat(unsure.status()).isEqualTo(503);
        assertThat(unsure.json().path("retryable").asBoolean()).isTrue();
    }

    @Test
    void aChatIsOpenedAndFoundAgainWhileMessageServiceIsDown() {
        stage.messageDown = true;

        assertThat(stage.as(ann).post("/api/chats", direct(bob)).status()).isEqualTo(201);
        assertThat(stage.as(ann).post("/api/chats", direct(bob)).status()).isEqualTo(200);
    }

    @Test
    void theSameKeyAndBodyGetTheFirstAnswerAgain() {
        var api = stage.as(ann).with("Idempotency-Key", "k-1");
        var body = Map.of("type", "group", "title", "Crew", "member_ids", List.of(bob));

        Reply first = api.post("/api/chats", body);
        Reply again = api.post("/api/chats", body);
        Reply byAnother = stage.as(bob).with("Idempotency-Key", "k-1").post("/api/chats", body);

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Idempotent-Replayed")).isNull();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(byAnother.status()).isEqualTo(201);
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() {
        var api = stage.as(ann).with("Idempotency-Key", "k-2");
        api.post("/api/chats", Map.of("type", "group", "member_ids", List.of(bob)));

        Reply other = api.post("/api/chats", direct(bob));

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().path("code").asString()).isEqualTo("idempotency_key_reused");
        assertThat(stage.as(bob).get("/api/chats").json()).hasSize(1);
    }

    @Test
    void aKeyKeepsTheAnswerThatFoundADirectChatToo() {
        stage.as(bob).post("/api/chats", direct(ann));
        var api = stage.as(ann).with("Idempotency-Key", "k-3");

        assertThat(api.post("/api/chats", direct(bob)).header("Idempotent-Replayed"))
                .isNull();
        assertThat(api.post("/api/chats", direct(bob)).header("Idempotent-Replayed"))
                .isEqualTo("true");
    }

    @Test
    void sixteenAtOnceWithOneKeyMakeOneGroup() throws Exception {
        var api = stage.as(ann).with("Idempotency-Key", "k-4");
        var body = Map.of("type", "group", "member_ids", List.of(bob));

        List<Reply> replies = atOnce(Collections.nCopies(16, () -> api.post("/api/chats", body)));

        assertThat(replies).extracting(Reply::status).isSubsetOf(201, 200, 409).containsOnlyOnce(201);
        assertThat(replies).filteredOn(reply -> reply.status() == 409).allSatisfy(reply -> {
            assertThat(reply.json().path("code").asString()).isEqualTo("idempotency_in_progress");
            assertThat(reply.json().path("retryable").asBoolean()).isTrue();
        });
        assertThat(stage.as(bob).get("/api/chats").json()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{",
                "\"group\"",
                "{\"type\":\"channel\",\"member_ids\":[]}",
                "{\"type\":1,\"member_ids\":[]}",
                "{\"type\":\"group\"}",
                "{\"type\":\"group\",\"member_ids\":null}",
                "{\"type\":\"group\",\"member_ids\":\"x\"}",
                "{\"type\":\"group\",\"member_ids\":{\"a\":1}}",
                "{\"type\":\"group\",\"member_ids\":[null]}",
                "{\"type\":\"group\",\"member_ids\":[[]]}",
                "{\"type\":\"group\",\"member_ids\":[1]}",
                "{\"type\":\"group\",\"member_ids\":[\"\\ud800\"]}",
                "{\"type\":\"group\",\"member_ids\":[],\"title\":\"\"}",
                "{\"type\":\"group\",\"member_ids\":[],\"title\":\"a\\u0000b\"}",
                "{\"type\":\"group\",\"member_ids\":[],\"title\":\"\\ud800\"}",
                "{\"type\":\"group\",\"member_ids\":[],\"title\":7}",
                "{\"type\":\"direct\",\"member_ids\":[]}"
            })
    void whatIsNoWishForAChatIsRefused(String body) {
        Reply reply = stage.as(ann).post("/api/chats", body);

        assertThat(reply.status()).isIn(400, 422);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(stage.as(ann).get("/api/chats").json()).isEmpty();
    }

    @Test
    void withoutATokenNothingIsOpened() {
        assertThat(stage.nobody().post("/api/chats", direct(bob)).status()).isEqualTo(401);
    }

    private static Map<String, Object> direct(UUID other) {
        return Map.of("type", "direct", "member_ids", List.of(other));
    }

    private static List<Reply> atOnce(List<Callable<Reply>> calls) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(calls).stream().map(Future::resultNow).toList();
        }
    }
}
