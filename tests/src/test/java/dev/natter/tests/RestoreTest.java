package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.local.Natter;
import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients that outlive a restore from backup: their numbers are of another past. A Natter of its own, since it is
 * stopped.
 */
@Tag("e2e")
class RestoreTest {
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final Disaster disaster = new Disaster("restored");

    private Person anna;
    private Person boris;
    private String chat;

    @Test
    void whatWasLostWithTheRestoreIsShownByNoClientAndWhatCameInsteadByAll() throws Exception {
        Follower steady;
        Follower away;
        Socket toAnna;
        try (Natter _ = disaster.start()) {
            people();
            steady = new Follower(boris).follows(chat).online();
            away = new Follower(boris).follows(chat).online();
            anna.says(chat, "one");
            anna.says(chat, "two");
            await().until(() -> steady.isAt(chat, 2));
            disaster.backUp();
            toAnna = anna.connects();
            anna.says(chat, "three, to be lost");
            String two = anna.client()
                    .get("/api/chats/" + chat + "/messages")
                    .list("id")
                    .get(1);
            anna.client()
                    .put("/api/messages/" + two, Map.of("content", "two, edited"))
                    .is(200);
            anna.says(chat, "five, to be lost");
            anna.opensGroup("to be lost", boris);
            await().atMost(RECOVERY).until(() -> steady.isAt(chat, 5) && away.isAt(chat, 5) && steady.boxAt() == 2);
            away.offline();
        }
        assertThat(toAnna.await("reconnect").get("reason").asString()).isEqualTo("restart");
        assertThat(toAnna.awaitClose()).isEqualTo(1012);
        disaster.strike();
        disaster.restore();
        try (Natter _ = disaster.start();
                Socket again = anna.connects();
                steady;
                away) {
            again.send(Map.of("type", "join_chat", "chat_id", chat, "since", 5));
            assertThat(again.await("resync_required").get("reason").asString()).isEqualTo("ahead");
            List.of("three", "four", "five", "six").forEach(content -> anna.says(chat, content));

            away.online();
            await().atMost(RECOVERY).until(() -> steady.isAt(chat, 6) && away.isAt(chat, 6));
            anna.says(chat, "seven");
            await().atMost(RECOVERY).until(() -> steady.isAt(chat, 7) && away.isAt(chat, 7));

            for (Follower device : List.of(steady, away)) {
                assertThat(device.resyncs()).containsExactly("epoch");
                assertThat(device.contents(chat))
                        .containsExactly("one", "two", "three", "four", "five", "six", "seven");
                assertThat(device.holes()).isEmpty();
                await().atMost(RECOVERY).until(() -> device.boxAt() == 1);
                assertThat(device.chats()).containsOnlyKeys(chat);
            }
        }
    }

    private void people() {
        Client anyone = disaster.anyone();
        anna = Person.register(anyone, "anna");
        boris = Person.register(anyone, "boris");
        chat = anna.opensGroup("restored", boris);
    }
}
