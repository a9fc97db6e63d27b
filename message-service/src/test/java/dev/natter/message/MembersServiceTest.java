package dev.natter.message;

import static dev.natter.message.Running.NOW;
import static dev.natter.message.Running.concurrently;
import static dev.natter.message.Running.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Chat;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.Internal.Head;
import dev.natter.contracts.Internal.Heads;
import dev.natter.contracts.Internal.Membership;
import dev.natter.contracts.Internal.Seat;
import dev.natter.contracts.Internal.Seats;
import dev.natter.platform.db.Uuid7;
import dev.natter.testing.Reply;
import dev.natter.testing.StubPeer.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who may do what, as chat-service's events come, late, twice, out of order or not at all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MembersServiceTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private Running running;

    @BeforeAll
    void open() {
        running = new Running();
    }

    @AfterAll
    void close() {
        running.close();
    }

    @Test
    void everyChangeOfAChatTakesEffectWithinASecond() {
        UUID chat = created(1, running.ann, running.bob);

        running.tell(added(chat, 2, running.eve), chat, 2);
        await().atMost(SECOND).until(() -> sends(running.eve, chat) == 201);
        running.send(running.ann, chat, "to be deleted by an admin");
        String id = chat + "." + head(chat, running.ann).seq();
        assertThat(running.as(running.eve).delete("/api/messages/" + id).status())
                .isEqualTo(403);
        running.tell(updated(chat, 3, running.eve, Chat.Role.admin), chat, 3);
        await().atMost(SECOND)
                .until(() ->
                        running.as(running.eve).delete("/api/messages/" + id).status() == 204);
        running.is(chat, new Membership(chat, 5, List.of(member(running.ann), member(running.eve))));
        running.tell(new ChatEvent.Updated(chat, 4, "e4", NOW, "title", running.ann, Map.of()), chat, 4);
        running.tell(removed(chat, 5, running.bob), chat, 5);
        await().atMost(SECOND).until(() -> sends(running.bob, chat) == 404);

        assertThat(head(chat, running.ann).membersVersion()).isEqualTo(5);
        assertThat(sends(running.eve, chat)).isEqualTo(201);
    }

    @Test
    void whoWasJustAddedIsntHeldUpByHavingTriedBefore() {
        UUID chat = running.chat();
        assertThat(sends(running.eve, chat)).isEqualTo(404);

        running.is(chat, new Membership(chat, 2, List.of(member(running.ann), member(running.eve))));

        assertThat(sends(running.eve, chat)).isEqualTo(201);
        assertThat(sends(running.bob, chat)).isEqualTo(404);
    }

    @Test
    void aMissingEventIsMadeUpForByAskingAndBringsNobodyBack() {
        UUID chat = created(1, running.ann, running.bob);
        UUID cat = Uuid7.next();
        // Bob was removed by version 2, which is lost; Eve and Cat were added by 3 and 4.
        running.is(chat, new Membership(chat, 4, List.of(member(running.ann), member(running.eve), member(cat))));
        running.tell(added(chat, 4, cat), chat, 4);

        await().until(() -> number("count(*)", "member", chat) == 3);
        running.tell(removed(chat, 2, running.bob), chat, 2);
        running.tell(added(chat, 3, running.eve), chat, 3);
        running.tell(updated(chat, 5, cat, Chat.Role.admin), chat, 5);
        await().until(() -> head(chat, running.ann).membersVersion() == 5);

        assertThat(sends(running.bob, chat)).isEqualTo(404);
        assertThat(List.of(sends(running.ann, chat), sends(running.eve, chat), sends(cat, chat)))
                .containsOnly(201);
    }

    @Test
    void whileChatServiceIsAwayAMissingEventLetsNobodyInByMistakeAndHoldsNothingUp() {
        UUID chat = created(1, running.ann, running.bob);
        UUID other = created(1, running.ann, running.bob);
        running.is(chat, new Membership(chat, 3, List.of(member(running.ann), member(running.eve))));
        running.is(other, new Membership(other, 2, List.of(member(running.ann))));
        var away = new AtomicBoolean(true);
        answerUnless(away);

        running.tell(added(chat, 3, running.eve), chat, 3);
        running.tell(removed(other, 2, running.bob), other, 2);

        await().until(() -> number("count(*)", "member", other) == 1);
        assertThat(sends(running.bob, chat)).isEqualTo(503);
        assertThat(sends(running.ann, chat)).isEqualTo(503);
        assertThat(sends(running.eve, chat)).isEqualTo(201);
        Heads heads = heads(new Seat(chat, running.eve), new Seat(chat, running.bob));
        assertThat(heads.heads()).extracting(Head::userId).containsExactly(running.eve);
        assertThat(heads.unsure()).containsExactly(new Seat(chat, running.bob));
        away.set(false);
        assertThat(sends(running.ann, chat)).isEqualTo(201);
        assertThat(sends(running.bob, chat)).isEqualTo(404);
        assertThat(sends(running.bob, other)).isEqualTo(404);
    }

    @Test
    void aLateAnswerNeverOverwritesWhatIsNewer() {
        UUID chat = Uuid7.next();
        var asked = new CountDownLatch(1);
        var answer = new CompletableFuture<Answer>();
        running.is(chat, new Membership(chat, 1, running.members()));
        running.chatService.on("GET", "/internal/chats/" + chat + "/members", _ -> {
            asked.countDown();
            return answer.join();
        });

        var late = CompletableFuture.supplyAsync(() -> sends(running.bob, chat));
        await().until(() -> asked.getCount() == 0);
        running.is(chat, new Membership(chat, 2, List.of(member(running.ann))));
        running.tell(
                new ChatEvent.Created(chat, 1, "e1", NOW, Chat.Type.group, null, running.members(), Map.of()), chat, 1);
        running.tell(removed(chat, 2, running.bob), chat, 2);
        await().until(() -> number("members_version", "chat_head", chat) == 2);
        answer.complete(Answer.ok(new Membership(chat, 1, running.members())));

        assertThat(late.join()).isEqualTo(404);
        assertThat(number("count(*)", "member", chat)).isEqualTo(1);
        assertThat(number("members_version", "chat_head", chat)).isEqualTo(2);
    }

    @Test
    void nothingIsAcceptedOnceARemovalHasTakenEffectHoweverManySendsAreInFlight() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 50; round++) {
                IntStream.range(0, 4)
                        .mapToObj(_ -> CompletableFuture.runAsync(this::kickOneWhoIsSending, threads))
                        .toList()
                        .forEach(CompletableFuture::join);
            }
        }
    }

    @Test
    void strangersWhoTryEverythingCostChatServiceOneQuestionAtATime() {
        UUID chat = running.chat();
        sends(running.ann, chat);
        int before = running.chatService.asked().size();
        var atOnce = new AtomicInteger();
        var most = new AtomicInteger();
        running.chatService.on("POST", "/internal/seats", request -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            Seats taken = running.taken(request.as(Seats.class));
            atOnce.decrementAndGet();
            return Answer.ok(taken);
        });

        List<Reply> replies =
                concurrently(200, i -> running.send(running.eve, i % 2 == 0 ? chat : Uuid7.next(), "let me in"));

        assertThat(replies).extracting(Reply::status).containsOnly(404);
        assertThat(most).hasValue(1);
        assertThat(running.chatService.asked().size() - before).isLessThan(200);
    }

    private void kickOneWhoIsSending() {
        UUID chat = created(1, running.ann, running.bob);
        var accepted = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var senders = IntStream.range(0, 2)
                    .mapToObj(_ -> CompletableFuture.runAsync(() -> sendUntilRefused(chat, accepted), threads))
                    .toList();
            await().pollInterval(Duration.ofMillis(5)).until(() -> accepted.get() > 0);
            running.is(chat, new Membership(chat, 2, List.of(member(running.ann))));
            running.tell(removed(chat, 2, running.bob), chat, 2);
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(SECOND)
                    .until(() -> head(chat, running.ann).membersVersion() == 2);
            long at = head(chat, running.ann).seq();
            senders.forEach(CompletableFuture::join);

            assertThat(head(chat, running.ann).seq()).isEqualTo(at).isEqualTo(accepted.get());
        }
    }

    private void sendUntilRefused(UUID chat, AtomicInteger accepted) {
        for (int status = sends(running.bob, chat); status != 404; status = sends(running.bob, chat)) {
            assertThat(status).isEqualTo(201);
            accepted.incrementAndGet();
        }
        assertThat(sends(running.bob, chat)).isEqualTo(404);
    }

    /** chat-service answers nothing while it is away. */
    private void answerUnless(AtomicBoolean away) {
        running.chatService.on("POST", "/internal/seats", request -> {
            Seats asked = request.as(Seats.class);
            return away.get() ? new Answer(500, null) : Answer.ok(running.taken(asked));
        });
        running.chatService.on("GET", "/internal/chats/(.+)/members", request -> {
            UUID chat = UUID.fromString(request.path().group(1));
            return away.get() ? new Answer(500, null) : Answer.ok(running.membership(chat));
        });
    }

    private UUID created(long version, UUID... users) {
        UUID chat = Uuid7.next();
        List<Chat.Member> members = List.of(users).stream().map(Running::member).toList();
        running.is(chat, new Membership(chat, version, members));
        running.tell(
                new ChatEvent.Created(chat, version, "e1", NOW, Chat.Type.group, null, members, Map.of()),
                chat,
                version);
        await().until(() -> number("count(*)", "member", chat) == users.length);
        return chat;
    }

    private ChatEvent added(UUID chat, long version, UUID user) {
        return new ChatEvent.MemberAdded(
                chat,
                version,
                "e" + version,
                NOW,
                Chat.Type.group,
                null,
                List.of(member(user)),
                3,
                running.ann,
                Map.of());
    }

    private ChatEvent updated(UUID chat, long version, UUID user, Chat.Role role) {
        return new ChatEvent.MemberUpdated(
                chat, version, "e" + version, NOW, new Chat.Member(user, role, NOW), running.ann, Map.of());
    }

    private ChatEvent removed(UUID chat, long version, UUID user) {
        return new ChatEvent.MemberRemoved(chat, version, "e" + version, NOW, user, 2, running.ann, Map.of());
    }

    private int sends(UUID user, UUID chat) {
        return running.send(user, chat, "hello").status();
    }

    private Head head(UUID chat, UUID user) {
        return heads(new Seat(chat, user)).heads().getFirst();
    }

    private Heads heads(Seat... seats) {
        return running.peer().post("/internal/heads", new Seats(List.of(seats))).as(Heads.class);
    }

    private long number(String what, String table, UUID chat) {
        return running.number("SELECT coalesce((SELECT " + what + " FROM " + table + " WHERE chat_id = ?), 0)", chat);
    }
}
