package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.contracts.Subjects;
import dev.natter.platform.http.Json;
import dev.natter.testing.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a user is told of their chats as such. */
class BoxServiceTest {
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();

    @BeforeAll
    static void begin() {
        stage = Stage.open();
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void helloTellsWhereTheBoxStandsAndWhatFollowsIsDense() {
        UUID chat = stage.log().chat(ann, bob);
        try (Socket a =
                Socket.open(stage.uri("/ws/" + ann + "?token=" + stage.ground().token(ann)), Map.of())) {
            assertThat(a.await("hello").path("user_seq").longValue()).isEqualTo(1);
            UUID eve = UUID.randomUUID();
            stage.log().members().retitled(chat, "new").publish();
            stage.log().members().added(chat, eve).publish();
            stage.log().members().removed(chat, eve).publish();
            stage.log().members().removed(chat, ann).publish();

            JsonNode updated = a.await("chat_updated");
            assertThat(updated.path("title").stringValue()).isEqualTo("new");
            assertThat(updated.has("user_seqs")).isFalse();
            assertThat(a.await("member_added")
                            .path("members")
                            .get(0)
                            .path("user_id")
                            .stringValue())
                    .isEqualTo(eve.toString());
            a.await(frame -> frame.path("user_id").asString("").equals(ann.toString()));
            assertThat(entries(a))
                    .containsExactly(
                            "chat_updated 2 after 1",
                            "member_added 3 after 2",
                            "member_removed 4 after 3",
                            "member_removed 5 after 4");
        }
    }

    @Test
    void whoIsAddedLearnsItAndABigChatShowsItsFirstFifty() {
        try (Socket a = stage.socket(ann)) {
            List<UUID> many = new ArrayList<>(List.of(ann));
            Stream.generate(UUID::randomUUID).limit(79).forEach(many::add);
            stage.log().members().created(UUID.randomUUID(), many).publish();
            JsonNode created = a.await("chat_created");
            assertThat(created.path("members").size()).isEqualTo(50);
            assertThat(created.path("member_count").intValue()).isEqualTo(80);
            assertThat(created.path("chat_type").stringValue()).isEqualTo("group");

            UUID chat = stage.log().chat(bob);
            stage.log().members().added(chat, ann).publish();
            assertThat(a.await("member_added").path("chat_id").stringValue()).isEqualTo(chat.toString());
        }
    }

    @Test
    void lossRepetitionAndReorderingAreNotSeen() {
        UUID chat = stage.log().chat(ann, bob);
        UUID gone = stage.log().chat(ann, bob);
        try (Socket a = stage.socket(ann);
                Socket again = stage.socket(ann)) {
            var second = stage.log().members().retitled(chat, "b");
            var third = stage.log().members().retitled(chat, "c");
            third.publish();
            second.publish().publish();
            // Lost: another title, a removal, and a chat that Ann comes into.
            stage.log().members().retitled(chat, "d");
            stage.log().members().removed(gone, ann);
            UUID fresh = stage.log().chat(bob);
            stage.log().members().added(fresh, ann);
            stage.log().members().retitled(fresh, "e").publish();

            for (Socket socket : List.of(a, again)) {
                socket.await(frame -> frame.path("user_seq").longValue() == 8
                        && !frame.path("type").stringValue().equals("hello"));
                assertThat(entries(socket))
                        .containsExactly(
                                "chat_updated 3 after 2",
                                "chat_updated 4 after 3",
                                "chat_updated 5 after 4",
                                "chat_deleted 6 after 5",
                                "chat_created 8 after 6");
                assertThat(socket.frames("chat_created")
                                .getFirst()
                                .path("title")
                                .stringValue())
                        .isEqualTo("e");
                assertThat(socket.frames("chat_deleted")
                                .getFirst()
                                .path("replay")
                                .booleanValue())
                        .isTrue();
            }
        }
    }

    @Test
    void whatWasLostWithTheConnectionComesWhenItIsBack() {
        try (Stage own = Stage.open();
                Socket a = own.socket(ann)) {
            UUID chat = own.log().chat(ann);
            own.log().members().retitled(chat, "heard").publish();
            a.await(frame -> frame.path("user_seq").longValue() == 2);
            own.ground().nats().crash();
            own.log().members().retitled(chat, "missed");
            own.ground().nats().start();

            JsonNode updated = await().atMost(Duration.ofSeconds(20))
                    .until(() -> last(a), frame -> frame.path("user_seq").longValue() == 3);
            assertThat(updated.path("title").stringValue()).isEqualTo("missed");
        }
    }

    @Test
    void helloDoesNotWaitForChatServiceAndTheNumberFollows() {
        stage.log().chat(ann, bob);
        stage.log().members().down(true);
        try (Socket a =
                Socket.open(stage.uri("/ws/" + ann + "?token=" + stage.ground().token(ann)), Map.of())) {
            assertThat(a.await("hello").path("user_seq").isNull()).isTrue();
            // What is only true now is lost until the gateway listens; an unread needs no number to be told.
            UUID chat = UUID.randomUUID();
            await().until(() -> {
                stage.log().publish(Subjects.unread(ann), Json.bytes(new LiveEvent.Unread(chat, 2, 5, 9)));
                return a.frames().stream()
                        .anyMatch(frame -> frame.path("type").asString().equals("unread"));
            });
            stage.log().publish(Subjects.activity(ann), activity(chat, 1));
            stage.log().members().down(false);

            assertThat(a.await("box").path("user_seq").longValue()).isEqualTo(1);
            assertThat(a.await("chat_activity").path("user_seq").longValue()).isEqualTo(1);
        } finally {
            stage.log().members().down(false);
        }
    }

    @Test
    void activityAndUnreadReachAllDevicesOfTheUserAndNobodyElse() {
        UUID chat = stage.log().chat(ann, bob);
        try (Socket phone = stage.socket(ann);
                Socket laptop = stage.socket(ann);
                Socket b = stage.socket(bob)) {
            stage.log().publish(Subjects.activity(ann), activity(chat, 7));
            stage.log().publish(Subjects.unread(ann), Json.bytes(new LiveEvent.Unread(chat, 2, 5, 9)));
            stage.ground().excuse(Subjects.activity(ann));
            stage.log().publish(Subjects.activity(ann), new byte[] {'['});
            stage.log().publish(Subjects.activity(ann), Json.bytes(new LiveEvent.Typing(chat, bob, true)));

            for (Socket socket : List.of(phone, laptop)) {
                JsonNode activity = socket.await("chat_activity");
                assertThat(activity.path("seq").longValue()).isEqualTo(7);
                assertThat(activity.path("user_seq").longValue()).isEqualTo(1);
                assertThat(activity.path("last_message").path("content").stringValue())
                        .isEqualTo("hi");
                assertThat(socket.await("unread").path("total").longValue()).isEqualTo(9);
            }
            b.send(Stage.join(chat));
            b.await("joined_chat");
            assertThat(b.frames()).hasSize(2);
            assertThat(phone.frames()).hasSize(3);
        }
    }

    private static byte[] activity(UUID chat, long seq) {
        var message = new Message(
                new MessageId(chat, seq),
                chat,
                seq,
                seq,
                Message.Type.text,
                UUID.randomUUID(),
                "hi",
                null,
                null,
                null,
                Instant.now(),
                null,
                null);
        return Json.bytes(new LiveEvent.ChatActivity(chat, seq, message));
    }

    private static JsonNode last(Socket socket) {
        return socket.frames().getLast();
    }

    private static List<String> entries(Socket socket) {
        return socket.frames().stream()
                .filter(frame -> frame.has("user_prev"))
                .map(frame -> frame.path("type").stringValue() + " "
                        + frame.path("user_seq").longValue() + " after "
                        + frame.path("user_prev").longValue())
                .toList();
    }
}
