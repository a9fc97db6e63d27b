package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Members who come and go while their sockets are open. */
@EachArrangement
class RemovalTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration A_SECOND_ON_A_BUSY_MACHINE = Duration.ofSeconds(5);

    private final Person anna;
    private final Person boris;
    private final Person clara;
    private final String chat;

    RemovalTest(Arrangement arrangement) {
        var world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.person("boris");
        this.clara = world.person("clara");
        this.chat = anna.opensGroup("come and go", boris, clara);
    }

    @Test
    void whoIsRemovedIsToldSoAndHearsNothingMore() {
        var goesOn = new AtomicBoolean(true);
        var writing = CompletableFuture.runAsync(() -> {
            for (int i = 0; goesOn.get(); i++) {
                anna.says(chat, "while he is in, or not, " + i);
            }
        });
        try (Socket phone = boris.joins(chat);
                Socket laptop = boris.joins(chat);
                Socket toClara = clara.joins(chat)) {
            phone.await("new_message");

            remove(boris);
            for (Socket socket : List.of(phone, laptop, toClara)) {
                JsonNode removed = socket.await(frame -> is(frame, "member_removed"));
                assertThat(removed.get("user_id").asString()).isEqualTo(boris.id());
                assertThat(removed.get("member_count").asInt()).isEqualTo(2);
                assertThat(removed.get("user_prev").asLong())
                        .isEqualTo(removed.get("user_seq").asLong() - 1);
            }
            goesOn.set(false);
            writing.join();
            long last = anna.says(chat, "he can't hear this").json().get("seq").asLong();
            toClara.await(frame -> frame.path("seq").asLong() == last);

            for (Socket socket : List.of(phone, laptop)) {
                socket.send(Map.of("type", "ping"));
                socket.await("pong");
                List<JsonNode> told = socket.frames().stream()
                        .filter(frame -> frame.path("chat_id").asString("").equals(chat))
                        .dropWhile(frame -> !is(frame, "member_removed"))
                        .toList();
                assertThat(told).as("from the removal on").hasSize(1);
            }
        } finally {
            goesOn.set(false);
        }
    }

    @Test
    void whoIsRemovedCanNeitherSendNorReadNorJoinNorType() {
        try (Socket toBoris = boris.joins(chat);
                Socket toClara = clara.joins(chat)) {
            anna.says(chat, "before");
            remove(boris);
            toBoris.await(frame -> is(frame, "member_removed"));
            await().atMost(A_SECOND_ON_A_BUSY_MACHINE)
                    .until(() -> boris.triesToSay(chat, "too late?", "probe").status() == 404);

            var attempts = List.of(
                    Map.of("type", "send_message", "chat_id", chat, "content", "still here?", "ref", "send"),
                    Map.of("type", "mark_read", "chat_id", chat, "seq", 1, "ref", "read"),
                    Map.of("type", "join_chat", "chat_id", chat, "ref", "join"),
                    Map.of("type", "join_chat", "chat_id", chat, "since", 0, "ref", "since"));
            for (var attempt : attempts) {
                toBoris.send(attempt);
                JsonNode answer =
                        toBoris.await(frame -> frame.path("ref").asString("").equals(attempt.get("ref")));
                assertThat(answer.path("code").asString("none"))
                        .as(answer.toString())
                        .isEqualTo("not_found");
            }
            toBoris.send(Map.of("type", "join_chats", "chats", Map.of(chat, 0)));
            assertThat(toBoris.await("joined_chats").get("inaccessible").get(0).asString())
                    .isEqualTo(chat);
            toBoris.send(Map.of("type", "typing", "chat_id", chat));
            for (String path : List.of("", "/messages", "/changes", "/members", "/reads")) {
                boris.client().get("/api/chats/" + chat + path).is(404);
            }
            boris.client()
                    .post("/api/chats/" + chat + "/messages", Map.of("content", "and now?"))
                    .is(404);

            anna.says(chat, "after");
            toClara.await(frame -> frame.at("/message/content").asString("").equals("after"));
            assertThat(toClara.frames().toString()).doesNotContain("still here?", "and now?");
            assertThat(toClara.frames("typing")).isEmpty();
            assertThat(toClara.frames("message_read")).isEmpty();
        }
    }

    @Test
    void whoIsAddedIsToldAndWhoIsAddedAgainMissesNothing() {
        Person newcomer = clara;
        String room = anna.opensGroup("for newcomers", boris);
        anna.says(room, "before she came");
        try (Follower phone = new Follower(newcomer).online();
                Follower laptop = new Follower(newcomer).online()) {
            for (int round = 0; round < 3; round++) {
                anna.client()
                        .post("/api/chats/" + room + "/members", Map.of("user_ids", List.of(newcomer.id())))
                        .is(201);
                for (Follower device : List.of(phone, laptop)) {
                    await().atMost(SOON).until(() -> device.chats().containsKey(room));
                    device.follows(room);
                }
                String inside = "inside " + round;
                anna.says(room, inside);
                for (Follower device : List.of(phone, laptop)) {
                    await().atMost(SOON).until(() -> device.contents(room).contains(inside));
                }

                anna.client()
                        .delete("/api/chats/" + room + "/members/" + newcomer.id())
                        .is(204);
                for (Follower device : List.of(phone, laptop)) {
                    await().atMost(SOON)
                            .until(() ->
                                    !device.isFollowing(room) && !device.chats().containsKey(room));
                }
                anna.says(room, "outside " + round);
            }
            anna.client()
                    .post("/api/chats/" + room + "/members", Map.of("user_ids", List.of(newcomer.id())))
                    .is(201);
            await().atMost(SOON).until(() -> phone.chats().containsKey(room));
            phone.follows(room);
            await().atMost(SOON).until(() -> phone.isAt(room, 7));

            assertThat(phone.contents(room))
                    .hasSize(7)
                    .startsWith("before she came")
                    .endsWith("outside 2");
            assertThat(phone.holes()).isEmpty();
            assertThat(laptop.holes()).isEmpty();
        }
    }

    @Test
    void aDeletedChatIsOverForAllWhoAreIn() {
        String room = anna.opensGroup("to be deleted", boris, clara);
        try (Socket toBoris = boris.joins(room);
                Socket toClara = clara.joins(room)) {
            anna.client().delete("/api/chats/" + room).is(204);

            for (Socket socket : List.of(toBoris, toClara)) {
                assertThat(socket.await(frame -> is(frame, "chat_deleted", room))
                                .get("by")
                                .asString())
                        .isEqualTo(anna.id());
                socket.send(Map.of("type", "join_chat", "chat_id", room, "ref", "again"));
                assertThat(socket.await("error").get("code").asString()).isEqualTo("not_found");
            }
        }
    }

    @Test
    void ofManyWhoAreAddedAtOnceEachIsTold() {
        String room = anna.opensGroup("many at once");
        List<Person> many = List.of(boris, clara);
        try (Socket toBoris = boris.connects();
                Socket toClara = clara.connects()) {
            anna.client()
                    .post(
                            "/api/chats/" + room + "/members",
                            Map.of("user_ids", many.stream().map(Person::id).toList()))
                    .is(201);

            for (Socket socket : List.of(toBoris, toClara)) {
                JsonNode added = socket.await(frame -> is(frame, "member_added", room));
                assertThat(added.get("title").asString()).isEqualTo("many at once");
                assertThat(added.get("member_count").asInt()).isEqualTo(3);
                assertThat(IntStream.range(0, 2)
                                .mapToObj(i -> added.get("members")
                                        .get(i)
                                        .get("user_id")
                                        .asString()))
                        .containsExactlyInAnyOrder(boris.id(), clara.id());
            }
        }
    }

    private void remove(Person person) {
        anna.client().delete("/api/chats/" + chat + "/members/" + person.id()).is(204);
    }

    private boolean is(JsonNode frame, String type) {
        return is(frame, type, chat);
    }

    private static boolean is(JsonNode frame, String type, String chat) {
        return frame.path("type").asString().equals(type)
                && frame.path("chat_id").asString("").equals(chat);
    }
}
