package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.testing.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Many chats with one frame, and all chats without one. */
class JoinServiceTest {
    private static Stage stage;

    private final UUID ann = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();

    @BeforeAll
    static void begin() {
        stage = Stage.open("replay.changes", "100");
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void fiveHundredChatsAreJoinedWithOneQuestionAndOneForEachThatMoved() {
        List<UUID> chats = chats(500);
        var since = new LinkedHashMap<UUID, Long>();
        chats.forEach(chat -> since.put(chat, 0L));
        chats.subList(0, 3).forEach(chat -> stage.log().send(chat, bob, "missed"));
        long heads = stage.log().asked("/internal/heads");
        long changes = stage.log().asked(".*/changes");

        try (Socket a = stage.socket(ann)) {
            a.send(joinAll(since));
            JsonNode joined = a.await("joined_chats");

            assertThat(joined.path("ref").stringValue()).isEqualTo("all");
            assertThat(joined.path("chats").size()).isEqualTo(500);
            assertThat(joined.path("inaccessible")).isEmpty();
            assertThat(chats.subList(0, 3))
                    .allSatisfy(chat -> assertThat(
                                    joined.path("chats").path(chat.toString()).longValue())
                            .isEqualTo(1));
            assertThat(a.frames("new_message"))
                    .hasSize(3)
                    .allSatisfy(frame ->
                            assertThat(frame.path("replay").booleanValue()).isTrue());
            assertThat(stage.log().asked("/internal/heads") - heads).isEqualTo(1);
            assertThat(stage.log().asked(".*/changes") - changes).isEqualTo(3);

            stage.log().send(chats.getLast(), bob, "live").publish();
            assertThat(a.await(frame -> frame.path("chat_id")
                                            .asString("")
                                            .equals(chats.getLast().toString())
                                    && frame.path("seq").longValue() == 1)
                            .has("replay"))
                    .isFalse();
        }
    }

    @Test
    void eachChatIsJoinedOrRefusedForItself() {
        UUID live = stage.log().chat(ann, bob);
        UUID far = stage.log().chat(ann, bob);
        UUID others = stage.log().chat(bob);
        UUID nowhere = UUID.randomUUID();
        stage.log().send(live, bob, "not wanted");
        for (int i = 0; i < 120; i++) {
            stage.log().send(far, bob, "m" + i);
        }
        var since = new LinkedHashMap<UUID, Long>();
        since.put(live, null);
        since.put(far, 3L);
        since.put(others, 0L);
        since.put(nowhere, null);

        try (Socket a = stage.socket(ann)) {
            a.send(joinAll(since));
            JsonNode joined = a.await("joined_chats");

            assertThat(a.frames())
                    .extracting(frame -> frame.path("type").stringValue())
                    .containsExactly("hello", "resync_required", "joined_chats");
            assertThat(a.await("resync_required").path("reason").stringValue()).isEqualTo("too_far");
            assertThat(joined.path("chats").propertyNames()).containsExactly(live.toString());
            assertThat(joined.path("chats").path(live.toString()).longValue()).isEqualTo(1);
            assertThat(joined.path("inaccessible").valueStream().map(JsonNode::stringValue))
                    .containsExactlyInAnyOrder(others.toString(), nowhere.toString());

            stage.log().send(far, bob, "live").publish();
            stage.log().send(others, bob, "secret").publish();
            stage.log().send(live, bob, "live").publish();
            a.await(frame -> frame.path("seq").longValue() == 121);
            a.await(frame -> frame.path("seq").longValue() == 2);
            assertThat(a.frames("new_message")).hasSize(2);
        }
    }

    @Test
    void noneOrTooManyAreRefusedAsAWhole() {
        try (Socket a = stage.socket(ann)) {
            a.send(Map.of("type", "join_chats", "chats", Map.of()));
            assertThat(a.await("joined_chats").path("chats")).isEmpty();
            for (Object bad : List.of(
                    Map.of("no id", 1),
                    Map.of(UUID.randomUUID(), -1),
                    Map.of(UUID.randomUUID(), "1"),
                    IntStream.range(0, 501).boxed().toList(),
                    1)) {
                a.sendRaw(Map.of("type", "join_chats", "chats", bad));
                assertThat(a.await("error").path("code").stringValue()).isEqualTo("validation_failed");
            }
            List<UUID> chats = chats(500);
            var since = new LinkedHashMap<UUID, Long>();
            chats.forEach(chat -> since.put(chat, null));
            a.send(joinAll(since));
            a.await("joined_chats");
            a.send(joinAll(since));
            assertThat(a.await("joined_chats").path("chats").size())
                    .as("the same again")
                    .isEqualTo(500);
            a.send(Stage.join(stage.log().chat(ann)));
            assertThat(a.await("error").path("code").stringValue()).isEqualTo("too_many_chats");
        }
    }

    @Test
    void aLogThatCanNotBeReadRefusesTheFrameAndItMayBeSentAgain() {
        List<UUID> chats = chats(3);
        var since = new LinkedHashMap<UUID, Long>();
        chats.forEach(chat -> since.put(chat, 0L));
        try (Socket a = stage.socket(ann)) {
            stage.log().down(true);
            a.send(joinAll(since));
            JsonNode error = a.await("error");
            assertThat(error.path("code").stringValue()).isEqualTo("unavailable");
            assertThat(error.path("retryable").booleanValue()).isTrue();
            assertThat(error.path("ref").stringValue()).isEqualTo("all");

            stage.log().down(false);
            a.send(joinAll(since));

            assertThat(a.await("joined_chats").path("chats").size()).isEqualTo(3);
        } finally {
            stage.log().down(false);
        }
    }

    @Test
    void whoWantsAllChatsGetsThoseThereAreAndThoseThatCome() {
        List<UUID> chats = chats(3);
        UUID later = stage.log().chat(bob);

        try (Socket a = stage.socket(ann, "?subscribe=all")) {
            JsonNode joined = a.await("joined_chats");
            assertThat(joined.path("chats").propertyNames())
                    .containsExactlyInAnyOrderElementsOf(
                            chats.stream().map(UUID::toString).toList());
            assertThat(joined.has("ref")).isFalse();

            stage.log().members().added(later, ann).publish();
            assertThat(a.await("joined_chats").path("chats").propertyNames()).containsExactly(later.toString());
            stage.log().send(later, bob, "welcome").publish();
            a.await("new_message");

            stage.log().members().removed(later, ann).publish();
            a.await("member_removed");
            stage.log().send(later, bob, "alone again").publish();
            stage.log().send(chats.getFirst(), bob, "still here").publish();
            a.await("new_message");
            assertThat(a.frames("new_message")).hasSize(2);
        }
    }

    @Test
    void whoWantsAllChatsWaitsForChatServiceButNotForHello() {
        UUID chat = stage.log().chat(ann);
        stage.log().members().down(true);
        try (Socket a = stage.socket(ann, "?subscribe=all")) {
            a.send(Map.of("type", "ping"));
            a.await("pong");
            stage.log().members().down(false);

            assertThat(a.await("joined_chats").path("chats").propertyNames()).containsExactly(chat.toString());
        } finally {
            stage.log().members().down(false);
        }
    }

    private List<UUID> chats(int count) {
        return Stream.generate(() -> stage.log().chat(ann, bob)).limit(count).toList();
    }

    private static Map<String, Object> joinAll(Map<UUID, Long> since) {
        return Map.of("type", "join_chats", "ref", "all", "chats", since);
    }
}
