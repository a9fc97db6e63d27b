package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A client that was away for ten thousand messages. */
@EachArrangement
class AwayTest {
    private static final int MESSAGES = 10_000;
    private static final int AT_ONCE = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Person> writers;
    private final Person boris;
    private final String chat;

    AwayTest(Arrangement arrangement) {
        var world = arrangement.world();
        this.boris = world.person("boris");
        this.writers = List.of(world.person("anna"), world.person("writer"), world.person("another.writer"));
        this.chat = boris.opensGroup("away", writers.toArray(Person[]::new));
    }

    @Test
    void catchesUpByReplayIfThatIsNotTooFarAndElseByLoading() {
        try (Follower early = new Follower(boris);
                Follower late = new Follower(boris)) {
            early.follows(chat).online();
            await().atMost(PATIENCE).until(() -> early.isAt(chat, 0));
            early.offline();
            write(6_000);
            late.follows(chat).online();
            await().atMost(PATIENCE).until(() -> late.isAt(chat, 6_000));
            late.offline();
            write(MESSAGES - 6_000);

            early.online();
            late.online();
            await().atMost(PATIENCE).until(() -> early.isAt(chat, MESSAGES) && late.isAt(chat, MESSAGES));

            assertThat(early.resyncs()).containsExactly("too_far");
            assertThat(late.resyncs()).isEmpty();
            assertThat(late.loads()).isEqualTo(1);
            assertThat(late.contents(chat)).hasSize(MESSAGES - 6_000 + 200);
            for (Follower follower : List.of(early, late)) {
                assertThat(follower.holes()).isEmpty();
                List<JsonNode> log =
                        boris.client().get("/api/chats/" + chat + "/messages").list();
                List<String> end = follower.contents(chat);
                assertThat(end.subList(end.size() - log.size(), end.size()))
                        .isEqualTo(log.stream()
                                .map(message -> message.get("content").asString())
                                .toList());
            }
            everyNumberCameOnceAndInOrder(late.socket());
        }
    }

    private void everyNumberCameOnceAndInOrder(Socket socket) {
        long local = 6_000;
        for (JsonNode frame : socket.frames()) {
            if (frame.has("prev")) {
                assertThat(frame.get("prev").asLong()).isEqualTo(local);
                assertThat(frame.path("replay").asBoolean()).isTrue();
                local = frame.get("seq").asLong();
            }
        }
        assertThat(local).isEqualTo(MESSAGES);
    }

    private void write(int count) {
        AtOnce.run(AT_ONCE, number -> {
            Person writer = writers.get(number % writers.size());
            for (int i = 0; i < count / AT_ONCE; i++) {
                writer.client()
                        .raw(
                                "POST",
                                "/api/chats/" + chat + "/messages",
                                Map.of("Content-Type", "application/json"),
                                java.net.http.HttpRequest.BodyPublishers.ofString(
                                        "{\"content\":\"" + number + "." + i + "\"}"))
                        .is(201);
            }
            return null;
        });
    }
}
