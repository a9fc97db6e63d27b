package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.Subjects;
import dev.natter.platform.http.Json;
import dev.natter.testing.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What members see while it happens. */
class LiveServiceTest {
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final UUID eve = UUID.randomUUID();
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
    void helloComesFirstAndTellsTheLimits() {
        try (Socket socket = Socket.open(
                stage.uri("/ws/" + ann),
                Map.of("Authorization", "Bearer " + stage.ground().token(ann)))) {
            JsonNode hello = socket.await("hello");

            assertThat(socket.frames().getFirst()).isEqualTo(hello);
            assertThat(hello.path("user_id").stringValue()).isEqualTo(ann.toString());
            assertThat(hello.path("session_id").stringValue()).isNotEmpty();
            assertThat(hello.path("epoch").stringValue()).isEqualTo("first");
            assertThat(hello.path("heartbeat_seconds").intValue()).isEqualTo(30);
            assertThat(hello.path("server_time").stringValue()).matches("\\d{4}-.*T.*\\.\\d{3}Z");
            assertThat(hello.path("limits").path("frame_bytes").intValue()).isEqualTo(65536);
        }
    }

    @Test
    void membersSeeWhatIsSentEditedAndDeleted() {
        try (Socket a = stage.socket(ann);
                Socket b = stage.socket(bob)) {
            for (Socket socket : List.of(a, b)) {
                socket.send(Map.of("type", "join_chat", "chat_id", chat, "ref", "r1"));
                JsonNode joined = socket.await("joined_chat");
                assertThat(joined.path("seq").longValue()).isZero();
                assertThat(joined.path("ref").stringValue()).isEqualTo("r1");
            }

            stage.log().send(chat, ann, "Привет").publish();
            stage.log().edit(chat, 1, "Привет!").publish();
            stage.log().delete(chat, 1).publish();

            for (Socket socket : List.of(a, b)) {
                assertThat(socket.await("new_message")
                                .path("message")
                                .path("content")
                                .stringValue())
                        .isEqualTo("Привет");
                JsonNode updated = socket.await("message_updated");
                assertThat(updated.path("seq").longValue()).isEqualTo(2);
                assertThat(updated.path("prev").longValue()).isEqualTo(1);
                assertThat(socket.await("message_deleted").path("message_id").stringValue())
                        .isEqualTo(chat + ".1");
            }
        }
    }

    @Test
    void anEventIsForwardedByteForByte() {
        try (RawSocket raw = stage.raw(ann)) {
            raw.send(MaskedFrame.text("{\"type\":\"join_chat\",\"chat_id\":\"" + chat + "\"}"));
            raw.readText("\"joined_chat\"");
            stage.log().send(chat, bob, "seen \u0001 👋").publish();
            byte[] odd =
                    "{ \"type\":\"from_the_future\",\"seq\":2 , \"x\":\"\\u00e9\"}".getBytes(StandardCharsets.UTF_8);
            stage.ground().excuse("natter.message." + chat + ".odd");
            stage.log().publish("natter.message." + chat + ".odd", odd);

            assertThat(raw.readText("new_message")).contains("\"content\":\"seen \\u0001 👋\"");
            assertThat(raw.read(RawSocket.TEXT).payload()).isEqualTo(odd);
        }
    }

    @Test
    void anOutsiderGetsNothing() {
        try (Socket e = stage.socket(eve);
                Socket a = stage.socket(ann)) {
            e.send(Map.of("type", "join_chat", "chat_id", chat, "ref", "x"));
            JsonNode error = e.await("error");
            assertThat(error.path("code").stringValue()).isEqualTo("not_found");
            assertThat(error.path("ref").stringValue()).isEqualTo("x");
            e.send(Stage.join(UUID.randomUUID()));
            assertThat(e.await("error").path("code").stringValue()).isEqualTo("not_found");
            e.send(Map.of("type", "typing", "chat_id", chat));
            assertThat(e.await("error").path("code").stringValue()).isEqualTo("not_found");

            a.send(Stage.join(chat));
            a.await("joined_chat");
            stage.log().send(chat, bob, "secret").publish();
            a.await("new_message");
            e.send(Map.of("type", "ping"));
            e.await("pong");

            assertThat(e.frames("new_message")).isEmpty();
        }
    }

    @Test
    void whoLeftSeesNothingMore() {
        try (Socket a = stage.socket(ann);
                Socket b = stage.socket(bob)) {
            a.send(Stage.join(chat));
            b.send(Stage.join(chat));
            a.await("joined_chat");
            b.await("joined_chat");
            a.send(Map.of("type", "leave_chat", "chat_id", chat, "ref", "bye"));
            assertThat(a.await("left_chat").path("ref").stringValue()).isEqualTo("bye");

            stage.log().send(chat, bob, "alone").publish();
            b.await("new_message");
            a.send(Map.of("type", "ping", "ref", "p"));
            JsonNode pong = a.await("pong");

            assertThat(pong.path("ref").stringValue()).isEqualTo("p");
            assertThat(pong.path("at").stringValue()).endsWith("Z");
            assertThat(a.frames("new_message")).isEmpty();
        }
    }

    @Test
    void aFrameWithoutRefIsAnsweredWithoutRef() {
        try (Socket a = stage.socket(ann)) {
            a.send(Stage.join(chat));

            assertThat(a.await("joined_chat").has("ref")).isFalse();
        }
    }

    @Test
    void duplicatesReorderingAndLossInNatsAreNotSeen() {
        try (Socket a = stage.socket(ann)) {
            a.send(Stage.join(chat));
            a.await("joined_chat");
            List<LogStub.Event> events = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                events.add(stage.log().send(chat, bob, "m" + i));
            }

            events.get(0).publish().publish();
            events.get(2).publish();
            events.get(1).publish();
            // 4 to 7 are lost.
            events.subList(7, 20).forEach(LogStub.Event::publish);
            events.get(3).publish();

            await().until(() -> a.frames("new_message").size() == 20);
            assertThat(a.frames("new_message"))
                    .extracting(frame -> frame.path("seq").longValue())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 20).boxed().toList());
            assertThat(a.frames("new_message"))
                    .allSatisfy(frame -> assertThat(frame.path("prev").longValue())
                            .isLessThan(frame.path("seq").longValue()));
        }
    }

    @Test
    void aLostLastEventIsNoticedWhenSomebodyElseJoins() {
        try (Socket a = stage.socket(ann);
                Socket b = stage.socket(bob)) {
            a.send(Stage.join(chat));
            a.await("joined_chat");
            stage.log().send(chat, bob, "never published");

            b.send(Stage.join(chat));
            assertThat(b.await("joined_chat").path("seq").longValue()).isEqualTo(1);

            assertThat(a.await("new_message").path("seq").longValue()).isEqualTo(1);
            assertThat(b.frames("new_message")).isEmpty();
        }
    }

    @Test
    void whatWasLostWithTheConnectionComesEvenIfTheLogIsAwayWhenItIsBack() {
        try (Stage own = Stage.open();
                Socket a = own.socket(ann)) {
            UUID room = own.log().chat(ann, bob);
            a.send(Stage.join(room));
            a.await("joined_chat");
            own.ground().nats().crash();
            own.log().send(room, bob, "never published");
            own.log().down(true);
            own.ground().nats().start();
            await().atMost(Duration.ofSeconds(20)).until(() -> own.log().asked("/internal/heads") > 1);

            own.log().down(false);

            assertThat(a.await("new_message").path("seq").longValue()).isEqualTo(1);
        }
    }

    @Test
    void garbageOnTheBusHurtsNobody() {
        try (Socket a = stage.socket(ann)) {
            a.send(Stage.join(chat));
            a.await("joined_chat");

            stage.ground().excuse("natter.message." + chat).excuse(Subjects.typing(chat));
            stage.log().publish("natter.message." + chat + ".created", new byte[] {(byte) 0xFF, 0});
            stage.log().publish("natter.message." + chat + ".created", new byte[0]);
            stage.log()
                    .publish("natter.message." + chat + ".created", "{\"seq\":99}".getBytes(StandardCharsets.US_ASCII));
            stage.log().publish(Subjects.typing(chat), "[".getBytes(StandardCharsets.US_ASCII));
            stage.log().publish(Subjects.typing(chat), Json.bytes(Map.of("type", "unknown")));
            stage.log().send(chat, bob, "still here").publish();

            assertThat(a.await("new_message").path("seq").longValue()).isEqualTo(1);
        }
    }

    @Test
    void manySocketsAllSeeEverythingInOrder() {
        var members = new ArrayList<UUID>();
        for (int i = 0; i < 200; i++) {
            members.add(UUID.randomUUID());
        }
        UUID crowd = stage.log().chat(members.toArray(UUID[]::new));
        var sockets = new ArrayList<Socket>();
        try {
            for (UUID member : members) {
                Socket socket = stage.socket(member);
                sockets.add(socket);
                socket.send(Stage.join(crowd));
            }
            sockets.forEach(socket -> socket.await("joined_chat"));
            for (int i = 0; i < 50; i++) {
                stage.log().send(crowd, members.getFirst(), "m" + i).publish();
            }

            List<Long> all = LongStream.rangeClosed(1, 50).boxed().toList();
            for (Socket socket : sockets) {
                socket.await(frame -> frame.path("seq").asLong(0) == 50);
                assertThat(socket.frames("new_message"))
                        .extracting(frame -> frame.path("seq").longValue())
                        .containsExactlyElementsOf(all);
            }
        } finally {
            sockets.forEach(Socket::close);
        }
    }
}
