package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Internal.Heads;
import dev.natter.contracts.Internal.Mark;
import dev.natter.contracts.Internal.MessageSent;
import dev.natter.contracts.Internal.Seat;
import dev.natter.contracts.Internal.Seats;
import dev.natter.contracts.Internal.Standing;
import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.Subjects;
import dev.natter.platform.db.Uuid7;
import dev.natter.platform.http.Json;
import dev.natter.testing.Reply;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a gateway asks for its sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InternalServiceTest {
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
    void aSendOverASocketIsTheSendOverHttp() {
        UUID chat = running.chat();
        var body = Map.of("content", "once", "client_id", "c-1");

        MessageSent first = send(chat, running.ann, body).as(MessageSent.class);
        MessageSent again = send(chat, running.ann, body).as(MessageSent.class);
        Reply overHttp = running.as(running.ann).post("/api/chats/" + chat + "/messages", body);

        assertThat(first.replayed()).isFalse();
        assertThat(again).isEqualTo(new MessageSent(first.message(), true));
        assertThat(overHttp.status()).isEqualTo(200);
        assertThat(overHttp.json().get("id").asString())
                .isEqualTo(first.message().id().toString());
    }

    @Test
    void aSendOverASocketIsRefusedAsOverHttp() {
        UUID chat = running.chat();
        send(chat, running.ann, Map.of("content", "one", "client_id", "c-1"));

        Reply other = send(chat, running.ann, Map.of("content", "two", "client_id", "c-1"));
        Reply stranger = send(chat, running.eve, Map.of("content", "hi"));
        Reply blank = send(chat, running.ann, Map.of("content", " "));
        Reply answerToNothing = send(chat, running.ann, Map.of("content", "a", "reply_to_id", chat + ".99"));

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().get("code").asString()).isEqualTo("idempotency_key_reused");
        assertThat(stranger.status()).isEqualTo(404);
        assertThat(blank.status()).isEqualTo(422);
        assertThat(answerToNothing.json().get("errors").get(0).get("field").asString())
                .isEqualTo("reply_to_id");
        assertThat(running.peer()
                        .post("/internal/chats/" + chat + "/messages", Map.of("content", "a"))
                        .status())
                .isEqualTo(400);
        assertThat(running.stranger()
                        .post("/internal/chats/" + chat + "/messages?user_id=" + running.ann, Map.of("content", "a"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void readingIsToldToTheChatAndToTheReadersDevicesOnlyWhenItMoves() {
        UUID cat = Uuid7.next();
        UUID chat = running.chat(List.of(Running.member(running.ann), Running.member(cat)));
        UUID other = running.chat(List.of(Running.member(running.ann), Running.member(cat)));
        running.send(running.ann, chat, "one");
        running.send(running.ann, chat, "two");
        running.send(running.ann, other, "three");
        // So that message-service knows of both memberships.
        running.send(cat, chat, "four");
        running.send(cat, other, "five");
        Queue<LiveEvent> told = new ConcurrentLinkedQueue<>();
        try (var reads = running.bus.subscribe(
                        Subjects.read(chat), delivery -> told.add(Json.parse(delivery.payload(), LiveEvent.class)));
                var devices = running.bus.subscribe(
                        Subjects.unread(cat), delivery -> told.add(Json.parse(delivery.payload(), LiveEvent.class)))) {
            assertThat(List.of(reads, devices)).doesNotContainNull();

            Standing standing = mark(chat, cat, 1).as(Standing.class);
            await().until(() -> told.size() == 2);
            mark(chat, cat, 1);
            running.as(cat).post("/api/chats/" + chat + "/read", new Mark(0));
            running.as(cat).post("/api/chats/" + chat + "/unread", new Mark(0));
            await().until(() -> told.size() == 3);

            assertThat(standing).isEqualTo(new Standing(chat, 1, 1));
            assertThat(told)
                    .containsExactlyInAnyOrder(
                            new LiveEvent.MessageRead(chat, cat, 1),
                            new LiveEvent.Unread(chat, 1, 1, 2),
                            new LiveEvent.Unread(chat, 2, 0, 3));
        }
        assertThat(mark(chat, running.eve, 1).status()).isEqualTo(404);
        assertThat(mark(chat, cat, -1).status()).isEqualTo(422);
    }

    @Test
    void headsOfManyPlacesAreToldAtOnce() {
        List<UUID> chats = IntStream.range(0, 40).mapToObj(_ -> running.chat()).toList();
        running.send(running.ann, chats.getFirst(), "one");
        List<Seat> seats = chats.stream()
                .flatMap(chat ->
                        List.of(running.ann, running.bob, running.eve).stream().map(user -> new Seat(chat, user)))
                .toList();
        var asked = new Seats(Stream.concat(seats.stream(), List.of(new Seat(Uuid7.next(), running.ann)).stream())
                .toList());

        Heads heads = running.peer().post("/internal/heads", asked).as(Heads.class);

        assertThat(heads.heads()).hasSize(80).allMatch(head -> head.membersVersion() == 1);
        assertThat(heads.heads()).noneMatch(head -> head.userId().equals(running.eve));
        assertThat(heads.heads().stream().mapToLong(head -> head.seq()).sum()).isEqualTo(2);
        assertThat(heads.unsure()).isEmpty();
    }

    private Reply send(UUID chat, UUID user, Map<String, ?> body) {
        return running.peer().post("/internal/chats/" + chat + "/messages?user_id=" + user, body);
    }

    private Reply mark(UUID chat, UUID user, long seq) {
        return running.peer().post("/internal/chats/" + chat + "/read?user_id=" + user, new Mark(seq));
    }
}
