package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A user's own list of chats, as a log: told to every device, and caught up after an absence. */
@EachArrangement
class MyChatsTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    private final Person anna;
    private final Person boris;

    MyChatsTest(Arrangement arrangement) {
        var world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.stranger();
    }

    @Test
    void helloNamesTheNumberThatTheListIsTrueFor() {
        String chat = anna.opensGroup("numbered", boris);
        try (Socket socket = boris.socket()) {
            JsonNode hello = socket.await("hello");
            Answer list = boris.client().get("/api/chats").is(200);

            assertThat(hello.get("user_seq").asLong()).isEqualTo(1);
            assertThat(list.header("Natter-User-Seq")).isEqualTo("1");
            assertThat(list.list().getFirst().get("user_seq").asLong()).isEqualTo(1);
            assertThat(list.list("id")).containsExactly(chat);

            anna.client()
                    .json("PATCH", "/api/chats/" + chat, Map.of(), Map.of("title", "renamed"))
                    .is(200);
            JsonNode updated = socket.await("chat_updated");
            assertThat(updated.get("title").asString()).isEqualTo("renamed");
            assertThat(updated.get("user_seq").asLong()).isEqualTo(2);
            assertThat(updated.get("user_prev").asLong()).isEqualTo(1);
        }
    }

    @Test
    void activityIsToldOfChatsThatAreNotJoined() {
        String chat = anna.opensGroup("not joined", boris);
        try (Follower device = new Follower(boris).online()) {
            await().atMost(SOON).until(() -> device.chats().containsKey(chat));

            JsonNode said = anna.says(chat, "psst").json();
            await().atMost(SOON)
                    .until(() -> said.get("id")
                            .asString()
                            .equals(device.chats().get(chat).lastMessage()));

            JsonNode activity = device.socket().frames("chat_activity").getFirst();
            assertThat(activity.get("seq").asLong()).isEqualTo(1);
            assertThat(activity.at("/last_message/content").asString()).isEqualTo("psst");
            assertThat(activity.get("user_seq").asLong()).isEqualTo(1);
            assertThat(device.socket().frames("new_message")).isEmpty();
        }
    }

    @Test
    void whoWasAwayLearnsWhatCameWentAndChanged() {
        String kept = anna.opensGroup("kept", boris);
        String left = anna.opensGroup("left", boris);
        String deleted = anna.opensGroup("deleted", boris);
        String untouched = anna.opensGroup("untouched", boris);
        try (Follower device = new Follower(boris).online()) {
            await().atMost(SOON).until(() -> device.boxAt() == 4);
            device.offline();

            anna.client()
                    .json("PATCH", "/api/chats/" + kept, Map.of(), Map.of("title", "kept, renamed"))
                    .is(200);
            anna.client()
                    .delete("/api/chats/" + left + "/members/" + boris.id())
                    .is(204);
            anna.client().delete("/api/chats/" + deleted).is(204);
            String fresh = anna.opensGroup("fresh", boris);

            Answer missed = boris.client().get("/api/chats?changed_since=4").is(200);
            assertThat(missed.list("id")).containsExactly(kept, left, deleted, fresh);
            assertThat(missed.list().stream().map(chat -> chat.path("left").asBoolean(false)))
                    .containsExactly(false, true, true, false);
            assertThat(missed.header("Natter-User-Seq")).isEqualTo("8");
            assertThat(boris.client().get("/api/chats?changed_since=8").is(200).list())
                    .isEmpty();
            boris.client().get("/api/chats?changed_since=9").is(409, "ahead");

            device.online();
            await().atMost(SOON).until(() -> device.boxAt() == 8);
            assertThat(device.chats().keySet()).containsExactlyInAnyOrder(kept, fresh, untouched);
            assertThat(held(device)).isEqualTo(listed(boris));
        }
    }

    @Test
    void whateverHappensEveryDeviceEndsWithTheSameList() {
        Person clara = boris;
        var chats = new ArrayList<String>();
        for (int i = 0; i < 4; i++) {
            chats.add(anna.opensGroup("group " + i, clara));
        }
        try (Follower steady = new Follower(clara).online();
                Follower flapping = new Follower(clara).online()) {
            AtOnce.run(4, number -> {
                String chat = chats.get(number);
                for (int i = 0; i < 12; i++) {
                    happens(chat, clara, i);
                    if (number == 0 && i % 4 == 3) {
                        flapping.offline();
                        flapping.online();
                    }
                }
                return null;
            });
            long number = Long.parseLong(clara.client().get("/api/chats").header("Natter-User-Seq"));

            for (Follower device : List.of(steady, flapping)) {
                await().atMost(SOON).until(() -> device.boxAt() == number);
                assertThat(held(device)).isEqualTo(listed(clara));
            }
            assertThat(steady.holes()).isEmpty();
        }
    }

    private void happens(String chat, Person clara, int round) {
        String path = "/api/chats/" + chat;
        switch (ThreadLocalRandom.current().nextInt(4)) {
            case 0 ->
                anna.client()
                        .json("PATCH", path, Map.of(), Map.of("title", "round " + round))
                        .is(200);
            case 1 -> {
                Answer answer = anna.client().delete(path + "/members/" + clara.id());
                assertThat(answer.status()).isIn(204, 404);
            }
            case 2 -> {
                Answer answer = anna.client().post(path + "/members", Map.of("user_ids", List.of(clara.id())));
                assertThat(answer.status()).isIn(200, 201);
            }
            default -> {
                Answer answer =
                        anna.client().json("PATCH", path + "/members/" + clara.id(), Map.of(), Map.of("role", "admin"));
                assertThat(answer.status()).isIn(200, 404);
            }
        }
    }

    private static Map<String, String> held(Follower device) {
        var held = new TreeMap<String, String>();
        device.chats()
                .forEach((id, chat) ->
                        held.put(id, chat.title() + ", " + chat.memberCount() + " members, at " + chat.userSeq()));
        return held;
    }

    private static Map<String, String> listed(Person person) {
        var listed = new TreeMap<String, String>();
        for (JsonNode chat : person.client().get("/api/chats?limit=200").list()) {
            listed.put(
                    chat.get("id").asString(),
                    chat.get("title").asString() + ", "
                            + chat.get("member_count").asInt() + " members, at "
                            + chat.get("user_seq").asLong());
        }
        return listed;
    }
}
