package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is removed hears nothing more. */
class RemovalServiceTest {
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID chat = stage.log().chat(ann, bob);

    @BeforeAll
    static void begin() {
        stage = Stage.open();
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void whoIsRemovedLeavesTheRoomOnAllSocketsAndTheOthersStay() {
        try (Socket phone = joined(ann);
                Socket laptop = joined(ann);
                Socket b = joined(bob)) {
            stage.log().members().removed(chat, ann).publish();
            phone.await("member_removed");
            laptop.await("member_removed");
            b.await("member_removed");

            stage.log().send(chat, bob, "between us").publish();
            b.await("new_message");
            phone.send(Map.of("type", "typing", "chat_id", chat));
            assertThat(phone.await("error").path("code").stringValue()).isEqualTo("not_found");
            phone.send(Map.of("type", "leave_chat", "chat_id", chat));
            phone.await("left_chat");
            phone.send(Stage.join(chat));
            assertThat(phone.await("error").path("code").stringValue()).isEqualTo("not_found");
            laptop.send(Map.of("type", "ping"));
            laptop.await("pong");
            assertThat(phone.frames("new_message")).isEmpty();
            assertThat(laptop.frames("new_message")).isEmpty();
        }
    }

    @Test
    void whoComesBackMayJoinAgain() {
        try (Socket a = joined(ann)) {
            stage.log().members().removed(chat, ann).publish();
            a.await("member_removed");
            stage.log().send(chat, bob, "missed").publish();
            stage.log().members().added(chat, ann).publish();
            a.await("member_added");

            a.send(Stage.join(chat, 0));
            a.await("joined_chat");
            stage.log().send(chat, bob, "live").publish();
            a.await(frame -> frame.path("seq").longValue() == 2 && !frame.has("replay"));

            assertThat(a.frames("new_message")).hasSize(2);
        }
    }

    @Test
    void aRemovalThatIsToldAgainTakesNoSeatFromWhoIsBack() {
        try (Socket a = joined(ann)) {
            LogStub.Event removal = stage.log().members().removed(chat, ann);
            removal.publish();
            a.await("member_removed");
            stage.log().members().added(chat, ann).publish();
            a.await("member_added");
            a.send(Stage.join(chat));
            a.await("joined_chat");

            removal.publish();
            stage.log().members().retitled(chat, "told after it").publish();
            a.await("chat_updated");
            stage.log().send(chat, bob, "live").publish();

            a.await("new_message");
        }
    }

    @Test
    void aDeletedChatEmptiesItsRoom() {
        try (Socket a = joined(ann);
                Socket b = joined(bob)) {
            stage.log().members().deleted(chat).publish();
            a.await("chat_deleted");
            b.await("chat_deleted");

            stage.log().send(chat, bob, "into the void").publish();
            a.send(Stage.join(chat));
            assertThat(a.await("error").path("code").stringValue()).isEqualTo("not_found");
            assertThat(a.frames("new_message")).isEmpty();
        }
    }

    @Test
    void aReplicaThatDoesNotKnowOfTheRemovalLetsNobodyIn() {
        stage.log().members().lag(true);
        try (Socket a = stage.socket(ann);
                Socket b = stage.socket(bob)) {
            stage.log().members().removed(chat, ann).publish();
            a.await("member_removed");

            a.send(Stage.join(chat));
            assertThat(a.await("error").path("code").stringValue()).isEqualTo("not_found");
            a.send(Map.of("type", "join_chats", "chats", Map.of(chat, 0)));
            assertThat(a.await("joined_chats").path("inaccessible").get(0).stringValue())
                    .isEqualTo(chat.toString());
            b.send(Stage.join(chat));
            b.await("joined_chat");

            stage.log().members().down(true);
            b.send(Map.of("type", "leave_chat", "chat_id", chat));
            b.send(Stage.join(chat));
            assertThat(b.await("error").path("code").stringValue())
                    .as("nobody is let in on a doubtful word")
                    .isEqualTo("unavailable");
        } finally {
            stage.log().members().down(false);
            stage.log().members().lag(false);
        }
    }

    @Test
    void aRemovalThatWasLostWithTheConnectionIsNoticedWhenItIsBack() {
        try (Stage own = Stage.open();
                Socket a = own.socket(ann);
                Socket b = own.socket(bob)) {
            UUID room = own.log().chat(ann, bob);
            for (Socket socket : List.of(a, b)) {
                socket.send(Stage.join(room));
                socket.await("joined_chat");
            }
            long before = own.log().asked("/internal/seats");
            own.ground().nats().crash();
            own.log().members().removed(room, ann);
            own.ground().nats().start();
            await().atMost(Duration.ofSeconds(20)).until(() -> own.log().asked("/internal/seats") > before);
            assertThat(a.await("chat_deleted").path("replay").booleanValue())
                    .as("its box was filled")
                    .isTrue();

            own.log().send(room, bob, "alone").publish();
            b.await("new_message");
            a.send(Map.of("type", "ping"));
            a.await("pong");
            assertThat(a.frames("new_message")).isEmpty();
        }
    }

    private Socket joined(UUID user) {
        Socket socket = stage.socket(user);
        socket.send(Stage.join(chat));
        socket.await("joined_chat");
        return socket;
    }
}
