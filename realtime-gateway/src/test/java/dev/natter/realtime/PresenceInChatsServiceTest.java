package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who is told who is online without asking, and who isn't any more. */
class PresenceInChatsServiceTest {
    private static final int SMALL = 4;

    private static Stage stage;

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID carl = UUID.randomUUID();
    private final MembersStub members = stage.log().members();

    @BeforeAll
    static void begin() {
        stage = Stage.open(
                "presence.grace", "PT0.2S", "presence.chat.members", Integer.toString(SMALL), "room.linger", "PT2S");
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void whoeverJoinsASmallChatIsToldWhoIsThereAndWhoComesAndGoes() {
        UUID chat = stage.log().chat(ann, bob, carl);
        try (Socket a = stage.socket(ann);
                Socket _ = stage.socket(carl)) {
            join(a, chat);
            assertThat(told(a)).isEqualTo(carl + " true");

            Socket b = stage.socket(bob);
            assertThat(told(a)).isEqualTo(bob + " true");
            b.close();
            JsonNode gone = a.await("presence");
            assertThat(gone.path("online").booleanValue()).isFalse();
            assertThat(gone.path("last_seen_at").isNull()).isFalse();
            assertThat(gone.has("ref")).isFalse();
            assertThat(a.frames("presence"))
                    .noneMatch(frame -> frame.path("user_id").stringValue().equals(ann.toString()));
        }
    }

    @Test
    void nobodyIsToldInALargeChat() {
        UUID chat = stage.log().chat(ann, bob, carl, UUID.randomUUID(), UUID.randomUUID());
        try (Socket a = stage.socket(ann)) {
            join(a, chat);
            try (Socket _ = stage.socket(bob)) {
                staysAt(0, a);
            }
        }
    }

    @Test
    void whoSharesSeveralChatsIsToldOnce() {
        var chats = new HashMap<UUID, Object>();
        Stream.generate(() -> stage.log().chat(ann, bob)).limit(20).forEach(chat -> chats.put(chat, 0));
        try (Socket a = stage.socket(ann)) {
            Socket b = stage.socket(bob);
            a.send(Map.of("type", "join_chats", "chats", chats));
            a.await("joined_chats");
            assertThat(told(a)).isEqualTo(bob + " true");
            a.send(Stage.asking("r", bob));
            assertThat(told(a)).isEqualTo(bob + " true");
            b.close();

            assertThat(told(a)).isEqualTo(bob + " false");
            staysAt(3, a);
        }
    }

    @Test
    void whoLeavesAChatIsToldNoMore() {
        UUID chat = stage.log().chat(ann, bob);
        try (Socket a = stage.socket(ann)) {
            join(a, chat);
            a.send(Map.of("type", "leave_chat", "chat_id", chat));
            a.await("left_chat");
            try (Socket _ = stage.socket(bob)) {
                staysAt(0, a);
            }
        }
    }

    @Test
    void aNewMemberIsWatchedAndARemovedOneIsNot() {
        UUID chat = stage.log().chat(ann, bob);
        try (Socket a = stage.socket(ann);
                Socket _ = stage.socket(carl)) {
            join(a, chat);
            members.added(chat, carl).publish();
            assertThat(told(a)).isEqualTo(carl + " true");

            members.removed(chat, bob).publish();
            a.await("member_removed");
            try (Socket _ = stage.socket(bob)) {
                staysAt(1, a);
            }
        }
    }

    @Test
    void aChatThatGrowsIsNoSmallOneAndOneThatShrinksIs() {
        UUID more = UUID.randomUUID();
        UUID chat = stage.log().chat(ann, bob, carl, UUID.randomUUID());
        try (Socket a = stage.socket(ann)) {
            join(a, chat);
            members.added(chat, more).publish();
            a.await("member_added");
            try (Socket _ = stage.socket(bob)) {
                staysAt(0, a);
                members.removed(chat, more).publish();
                assertThat(told(a)).isEqualTo(bob + " true");
            }
        }
    }

    @Test
    void whoIsInAChatIsLearntAgainIfEventsWereMissed() {
        UUID chat = stage.log().chat(ann, bob);
        try (Socket a = stage.socket(ann);
                Socket _ = stage.socket(carl)) {
            join(a, chat);
            members.added(chat, carl);
            members.retitled(chat, "after a hole").publish();

            assertThat(told(a)).isEqualTo(carl + " true");
        }
    }

    @Test
    void whoIsInAChatIsAskedOnceForAllWhoJoin() {
        UUID chat = stage.log().chat(ann, bob, carl);
        long before = stage.log().asked("/internal/circles");
        var sockets = new ArrayList<Socket>();
        for (int i = 0; i < 20; i++) {
            sockets.add(stage.socket(ann));
        }
        try (Socket _ = stage.socket(bob)) {
            sockets.forEach(socket -> join(socket, chat));
            sockets.forEach(socket -> assertThat(told(socket)).isEqualTo(bob + " true"));
        } finally {
            sockets.forEach(Socket::close);
        }
        assertThat(stage.log().asked("/internal/circles") - before).isEqualTo(1);
    }

    @Test
    void withoutChatServiceJoiningWorksAndPresenceComesLater() {
        try (Stage own = Stage.open();
                Socket a = own.socket(ann);
                Socket _ = own.socket(bob)) {
            UUID warm = own.log().chat(ann);
            join(a, warm);
            UUID chat = own.log().chat(ann, bob);
            own.log().members().down(true);
            join(a, chat);
            staysAt(0, a);

            own.log().members().down(false);
            assertThat(told(a)).isEqualTo(bob + " true");
        }
    }

    @Test
    void onceTheLastSharedChatIsGoneWhoeverAskedSeesNothingMore() {
        UUID one = stage.log().chat(ann, bob);
        UUID two = stage.log().chat(ann, bob, carl);
        try (Socket a = stage.socket(ann);
                Socket b = stage.socket(bob)) {
            a.send(Stage.asking("r", bob, carl));
            b.send(Stage.asking("r", ann, carl));
            await().until(() ->
                    a.frames("presence").size() == 2 && b.frames("presence").size() == 2);

            members.removed(one, bob).publish();
            staysAt(2, a);
            members.deleted(two).publish();

            for (Socket socket : List.of(a, b)) {
                await().atMost(Duration.ofSeconds(1))
                        .until(() -> socket.frames("presence").size() == 4);
                assertThat(socket.frames("presence").subList(2, 4)).allSatisfy(frame -> {
                    assertThat(frame.path("online").booleanValue()).isFalse();
                    assertThat(frame.path("last_seen_at").isNull()).isTrue();
                });
            }
            try (Socket _ = stage.socket(carl)) {
                staysAt(4, a);
            }
        }
    }

    @Test
    void aRemovalThatCanNotBeCheckedEndsWhatItMayHaveEnded() {
        try (Stage own = Stage.open()) {
            UUID chat = own.log().chat(ann, bob);
            try (Socket a = own.socket(ann);
                    Socket _ = own.socket(bob)) {
                a.send(Stage.asking("r", bob));
                assertThat(told(a)).isEqualTo(bob + " true");
                own.log().members().down(true);
                own.log().members().removed(chat, bob).publish();

                assertThat(told(a)).isEqualTo(bob + " false");
            }
        }
    }

    private static void join(Socket socket, UUID chat) {
        socket.send(Stage.join(chat));
        socket.await("joined_chat");
    }

    private static String told(Socket socket) {
        JsonNode frame = socket.await("presence");
        return frame.path("user_id").stringValue() + " " + frame.path("online").booleanValue();
    }

    /** For longer than a grace, and than it takes to be told. */
    private static void staysAt(int count, Socket socket) {
        await().during(Duration.ofMillis(1000))
                .until(() -> socket.frames("presence").size() == count);
    }
}
