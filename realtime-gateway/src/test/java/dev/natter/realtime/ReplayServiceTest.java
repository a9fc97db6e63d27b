package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What those see who were away. */
class ReplayServiceTest {
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID chat = stage.log().chat(ann, bob);

    @BeforeAll
    static void begin() {
        stage = Stage.open("replay.page", "3", "replay.changes", "100", "room.recent.changes", "4");
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void finalStatesComeInOrderMarkedAndBeforeTheAnswer() {
        for (int i = 1; i <= 8; i++) {
            stage.log().send(chat, bob, "m" + i);
        }
        stage.log().edit(chat, 2, "edited before");
        stage.log().edit(chat, 5, "edited");
        stage.log().delete(chat, 6);

        try (Socket a = stage.socket(ann)) {
            a.send(Stage.join(chat, 3));
            a.await("joined_chat");

            List<JsonNode> frames = a.frames().subList(1, a.frames().size());
            assertThat(frames)
                    .extracting(ReplayServiceTest::summary)
                    .containsExactly(
                            "new_message 4 after 3",
                            "new_message 7 after 4",
                            "new_message 8 after 7",
                            "message_updated 9 after 8",
                            "new_message 10 after 9",
                            "message_deleted 11 after 10",
                            "joined_chat 11 after 0");
            assertThat(frames.subList(0, 6))
                    .allSatisfy(frame ->
                            assertThat(frame.path("replay").booleanValue()).isTrue());

            stage.log().send(chat, bob, "live").publish();
            JsonNode live = a.await(frame -> frame.path("seq").asLong(0) == 12);
            assertThat(live.path("prev").longValue()).isEqualTo(11);
            assertThat(live.has("replay")).isFalse();
        }
    }

    @Test
    void whatChangesWhilePagesAreTurnedIsNewOnlyOnce() {
        for (int i = 1; i <= 5; i++) {
            stage.log().send(chat, bob, "m" + i);
        }
        stage.log().afterNextPage(() -> stage.log().edit(chat, 2, "edited between two pages"));

        try (Socket a = stage.socket(ann)) {
            a.send(Stage.join(chat, 0));
            a.await("joined_chat");

            assertThat(a.frames().subList(1, a.frames().size()))
                    .extracting(ReplayServiceTest::summary)
                    .containsExactly(
                            "new_message 1 after 0",
                            "new_message 2 after 1",
                            "new_message 3 after 2",
                            "new_message 4 after 3",
                            "new_message 5 after 4",
                            "message_updated 6 after 5",
                            "joined_chat 6 after 0");
        }
    }

    @Test
    void whoMissedNothingIsJustIn() {
        stage.log().send(chat, bob, "known");

        try (Socket a = stage.socket(ann)) {
            a.send(Map.of("type", "join_chat", "chat_id", chat, "since", 1, "epoch", "first"));

            assertThat(a.await("joined_chat").path("seq").longValue()).isEqualTo(1);
            assertThat(a.frames()).hasSize(2);
        }
    }

    @Test
    void whoCanNotBeToldWhatTheyMissedIsToldSo() {
        for (int i = 0; i < 120; i++) {
            stage.log().send(chat, bob, "m" + i);
        }
        try (Socket a = stage.socket(ann)) {
            a.send(Stage.join(chat, 10));
            assertThat(resync(a)).isEqualTo("too_far 120");
            a.send(Stage.join(chat, 121));
            assertThat(resync(a)).isEqualTo("ahead 120");
            a.send(Map.of("type", "join_chat", "chat_id", chat, "since", 120, "epoch", "other"));
            assertThat(resync(a)).isEqualTo("epoch 120");

            stage.log().send(chat, bob, "live").publish();
            assertThat(a.await("new_message").path("seq").longValue()).isEqualTo(121);
            assertThat(a.frames("new_message")).as("joined again, not twice").hasSize(1);
        }
    }

    @Test
    void aReplayWhileMuchHappensLosesNothing() {
        AtomicBoolean on = new AtomicBoolean(true);
        Thread writer = Thread.startVirtualThread(() -> {
            for (int i = 0; on.get() && i < 3000; i++) {
                stage.log().send(chat, bob, "m" + i).publish();
                Thread.yield();
            }
        });
        try (Socket warm = stage.socket(bob);
                Socket a = stage.socket(ann)) {
            warm.send(Stage.join(chat));
            warm.await("joined_chat");
            for (int round = 0; round < 20; round++) {
                a.send(Stage.join(chat, local(a)));
                a.await(frame -> frame.path("type").stringValue().equals("joined_chat")
                        || frame.path("type").stringValue().equals("resync_required"));
            }
            on.set(false);
            writer.join();
            long head = stage.log().send(chat, bob, "last").publish().seq();

            await().atMost(Duration.ofSeconds(20)).until(() -> local(a) == head && local(warm) == head);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aMessageLostAndEditedInALongHoleIsStillNew() {
        try (Socket a = stage.socket(ann)) {
            a.send(Stage.join(chat));
            a.await("joined_chat");
            for (int i = 1; i <= 6; i++) {
                stage.log().send(chat, bob, "m" + i);
            }
            // Its final state lies on the second page of the filling.
            stage.log().edit(chat, 1, "edited");
            stage.log().send(chat, bob, "m8").publish();

            a.await(frame -> frame.path("seq").asLong(0) == 8);
            assertThat(a.frames().subList(2, a.frames().size()))
                    .extracting(ReplayServiceTest::summary)
                    .containsExactly(
                            "new_message 2 after 0",
                            "new_message 3 after 2",
                            "new_message 4 after 3",
                            "new_message 5 after 4",
                            "new_message 6 after 5",
                            "new_message 7 after 6",
                            "new_message 8 after 7");
        }
    }

    @Test
    void anotherDataSetSendsEverybodyAway() {
        try (Socket a = stage.socket(ann)) {
            a.send(Stage.join(chat));
            a.await("joined_chat");
            stage.log().epoch("second");
            try (Socket b = stage.socket(bob)) {
                b.send(Stage.join(chat));
                assertThat(a.awaitClose()).isEqualTo(1012);
            }
            try (Socket c = Socket.open(
                    stage.uri("/ws/" + ann + "?token=" + stage.ground().token(ann)), Map.of())) {
                assertThat(c.await("hello").path("epoch").stringValue()).isEqualTo("second");
            }
        } finally {
            stage.log().epoch("first");
            try (Socket back = stage.socket(bob)) {
                back.send(Stage.join(chat));
                back.awaitClose();
            }
        }
    }

    /** Follows the rule of the contract over everything that arrived, and fails at a hole. */
    private static long local(Socket socket) {
        long local = -1;
        for (JsonNode frame : socket.frames()) {
            long seq = frame.path("seq").longValue(-1);
            switch (frame.path("type").stringValue()) {
                case "joined_chat" -> local = Math.max(local, seq);
                case "resync_required" -> local = seq;
                case "new_message", "message_updated", "message_deleted" -> {
                    long prev = frame.path("prev").longValue();
                    assertThat(prev).as("a hole before " + frame).isLessThanOrEqualTo(Math.max(local, 0));
                    local = Math.max(local, seq);
                }
                default -> {}
            }
        }
        return Math.max(local, 0);
    }

    private static String resync(Socket socket) {
        JsonNode frame = socket.await("resync_required");
        return frame.path("reason").stringValue() + " " + frame.path("seq").longValue();
    }

    private static String summary(JsonNode frame) {
        return frame.path("type").stringValue() + " " + frame.path("seq").longValue() + " after "
                + frame.path("prev").longValue(0);
    }
}
