package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who is still there, who is too slow, and what happens when something else is gone. */
class LivenessServiceTest {
    private final Stage stage = Stage.open(
            "socket.heartbeat", "PT0.3S",
            "socket.silence", "PT1.5S",
            "socket.close.timeout", "PT1S",
            "room.linger", "PT0.1S",
            "reconnect.spread", "PT2S");

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID chat = stage.log().chat(ann, bob);

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void theServerPingsAndWhoAnswersStays() {
        try (Socket socket = stage.socket(ann)) {
            await().until(() -> socket.pings() >= 8);

            socket.send(Map.of("type", "ping"));
            socket.await("pong");
        }
    }

    @Test
    void whoIsSilentIsClosed() {
        try (RawSocket raw = stage.raw(ann)) {
            assertThat(raw.read(RawSocket.PING)).isNotNull();
            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(4509);
            assertThat(raw.read()).as("cut when the goodbye isn't answered").isNull();
        }
        await().until(() -> sockets() == 0);
    }

    @Test
    void aVanishedPeerIsNoticed() {
        RawSocket reset = stage.raw(ann);
        RawSocket ended = stage.raw(ann);
        await().until(() -> sockets() == 2);

        reset.reset();
        ended.close();

        await().atMost(Duration.ofSeconds(1)).until(() -> sockets() == 0);
    }

    @Test
    void anEmptyRoomIsLeftAfterAWhile() {
        try (Socket socket = stage.socket(ann)) {
            socket.send(Stage.join(chat));
            socket.await("joined_chat");
            assertThat(rooms()).isEqualTo(1);
        }
        await().until(() -> rooms() == 0);
    }

    @Test
    void anExpiredTokenClosesTheSocket() {
        String token = stage.ground().token(ann, Duration.ofSeconds(2));
        try (Socket socket = Socket.open(stage.uri("/ws/" + ann + "?token=" + token), Map.of())) {
            socket.await("hello");
            assertThat(socket.awaitClose()).isEqualTo(4401);
        }
    }

    @Test
    void aRestartOfNatsLosesNothing() {
        try (Socket socket = stage.socket(ann)) {
            socket.send(Stage.join(chat));
            socket.await("joined_chat");
            stage.log().send(chat, bob, "before").publish();
            socket.await("new_message");

            stage.ground().nats().crash();
            stage.log().send(chat, bob, "meanwhile");
            stage.log().edit(chat, 1, "meanwhile too");
            stage.ground().nats().start();

            assertThat(socket.await("new_message").path("seq").longValue()).isEqualTo(2);
            JsonNode updated = socket.await("message_updated");
            assertThat(updated.path("seq").longValue()).isEqualTo(3);
            assertThat(updated.path("prev").longValue()).isEqualTo(2);
        }
    }

    @Test
    void aHoleIsFilledAsSoonAsMessageServiceIsBack() {
        try (Socket socket = stage.socket(ann)) {
            socket.send(Stage.join(chat));
            socket.await("joined_chat");
            stage.log().down(true);
            stage.log().send(chat, bob, "lost");
            stage.log().send(chat, bob, "beyond the hole").publish();
            await().until(() -> stage.log().peer().asked().stream()
                    .anyMatch(asked -> asked.uri().getPath().endsWith("/changes")));
            stage.log().down(false);

            assertThat(socket.await("new_message").path("seq").longValue()).isEqualTo(1);
            assertThat(socket.await("new_message").path("seq").longValue()).isEqualTo(2);
        }
    }

    @Test
    void aRestartSendsEverybodyAwayAndTheyMissNothing() {
        Socket before = stage.socket(ann);
        before.send(Stage.join(chat));
        before.await("joined_chat");

        stage.restart();

        JsonNode reconnect = before.await("reconnect");
        assertThat(reconnect.path("after_ms").longValue()).isBetween(0L, 2000L);
        assertThat(before.awaitClose()).isEqualTo(1012);
        stage.log().send(chat, bob, "while away").publish();
        try (Socket after = stage.socket(ann)) {
            after.send(Stage.join(chat, 0));
            assertThat(after.await("new_message").path("replay").booleanValue()).isTrue();
        }
    }

    @Test
    void whoIsSentAwayComesBackAtAMomentOfTheirOwn() {
        var sockets =
                Stream.generate(() -> stage.socket(UUID.randomUUID())).limit(20).toList();

        stage.restart();

        assertThat(sockets.stream()
                        .map(socket ->
                                socket.await("reconnect").path("after_ms").longValue())
                        .distinct())
                .hasSizeGreaterThan(10)
                .allMatch(after -> after >= 0 && after < 2000);
        sockets.forEach(Socket::close);
    }

    @Test
    void aRestartWaitsForNobodyWhoDoesNotAnswer() {
        try (RawSocket raw = stage.raw(ann)) {
            long began = System.nanoTime();
            stage.node().close();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
            assertThat(raw.read(RawSocket.CLOSE).closeCode()).isEqualTo(1012);
        }
    }

    private long sockets() {
        return stage.metric("natter_realtime_sockets");
    }

    private long rooms() {
        return stage.metric("natter_realtime_rooms");
    }
}
