package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A client with as many chats as a socket may join, all in one frame. */
@EachArrangement
class ManyChatsTest {
    private static final int CHATS = 500;
    private static final int BUSY = 40;
    private static final int AT_ONCE = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final World world;
    private final Person anna;
    private final Person boris;

    ManyChatsTest(Arrangement arrangement) {
        this.world = arrangement.world();
        this.anna = world.stranger();
        this.boris = world.stranger();
    }

    @Test
    void fiveHundredAreJoinedInOneFrameAndOnlyWhatMovedIsToldAndAskedFor() {
        List<String> chats = open(CHATS);
        List<String> busy = chats.subList(0, BUSY);
        AtOnce.run(BUSY, number -> anna.says(busy.get(number), "while you were out"));
        var since = new HashMap<String, Long>();
        chats.forEach(chat -> since.put(chat, 0L));

        try (Socket socket = boris.connects()) {
            long before = new Meter(world, "message").questions();
            socket.send(Map.of("type", "join_chats", "chats", since, "ref", "all"));
            JsonNode joined = socket.await("joined_chats");

            assertThat(joined.get("ref").asString()).isEqualTo("all");
            assertThat(joined.get("inaccessible")).isEmpty();
            assertThat(joined.get("chats")).hasSize(CHATS);
            assertThat(socket.frames("new_message")).hasSize(BUSY).allSatisfy(frame -> {
                assertThat(busy).contains(frame.get("chat_id").asString());
                assertThat(frame.get("replay").asBoolean()).isTrue();
            });
            assertThat(new Meter(world, "message").questions() - before)
                    .as("questions asked of message-service")
                    .isLessThan(CHATS / 4);

            anna.says(chats.getLast(), "live");
            assertThat(socket.await(frame -> frame.path("chat_id").asString("").equals(chats.getLast()))
                            .has("replay"))
                    .isFalse();
        }
    }

    @Test
    void aDeviceComesBackToAllItsChats() {
        try (Follower follower = new Follower(boris)) {
            List<String> some = open(30);
            some.forEach(follower::follows);
            follower.online();
            await().atMost(PATIENCE)
                    .until(() -> some.stream().allMatch(chat -> follower.isAt(chat, follower.local(chat))));
            follower.offline();
            some.forEach(chat -> anna.says(chat, "a word"));
            var heads = new HashMap<String, Long>();
            some.forEach(chat -> heads.put(chat, follower.local(chat) + 1));

            follower.online();
            await().atMost(PATIENCE).until(() -> some.stream().allMatch(chat -> follower.isAt(chat, heads.get(chat))));

            assertThat(follower.socket().frames("joined_chats")).hasSize(1);
            assertThat(follower.holes()).isEmpty();
            assertThat(follower.loads()).isEqualTo(some.size());
        }
    }

    @Test
    void whatIsNotOnesOwnIsNamedAsInaccessibleAndNothingElseIsSaidOfIt() {
        String own = open(1).getFirst();
        String secret = anna.opensGroup("secret", world.person("outsider"));
        try (Socket socket = boris.connects()) {
            var asked = new HashMap<String, Long>();
            asked.put(own, null);
            asked.put(secret, 0L);
            asked.put("0199a6f1-0b2d-7e4f-8a6b-3c9d2e1f0a03", 0L);
            socket.send(Map.of("type", "join_chats", "chats", asked));

            JsonNode joined = socket.await("joined_chats");
            var inaccessible = new HashSet<String>();
            joined.get("inaccessible").forEach(id -> inaccessible.add(id.asString()));
            assertThat(inaccessible).containsExactlyInAnyOrder(secret, "0199a6f1-0b2d-7e4f-8a6b-3c9d2e1f0a03");
            assertThat(joined.get("chats").propertyNames()).containsExactly(own);
        }
    }

    private List<String> open(int count) {
        var opened = new ArrayList<String>();
        AtOnce.run(AT_ONCE, number -> {
            for (int i = number; i < count; i += AT_ONCE) {
                String chat = anna.opensGroup("one of many, " + i, boris);
                synchronized (opened) {
                    opened.add(chat);
                }
            }
            return null;
        });
        return opened;
    }
}
