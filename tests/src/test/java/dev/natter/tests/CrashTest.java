package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.testing.Socket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Parts that die while the others go on. */
@EachArrangement
@Tag("fault")
@Isolated("kills what other tests need")
class CrashTest {
    private static final Duration RECOVERY = Duration.ofSeconds(40);

    private final World world;
    private final Person anna;
    private final Person boris;

    CrashTest(Arrangement arrangement) {
        this.world = arrangement.world();
        this.anna = world.person("anna");
        this.boris = world.person("boris");
    }

    @Test
    void withoutNatsSendsAreAnsweredAndEveryFrameComesLater() {
        String chat = anna.opensGroup("without nats", boris);
        try (Socket socket = boris.joins(chat)) {
            anna.says(chat, "before");
            socket.await("new_message");

            world.natter().crash("nats");
            for (int i = 0; i < 5; i++) {
                anna.says(chat, "meanwhile " + i);
            }

            await().atMost(RECOVERY).until(() -> socket.frames("new_message").size() == 6);
            assertThat(socket.frames("new_message").stream()
                            .map(frame -> frame.get("seq").asLong()))
                    .isEqualTo(LongStream.rangeClosed(1, 6).boxed().toList());
        }
    }

    @Test
    void withoutPostgresAClientIsAskedToTryAgainAndNothingIsLost() {
        String chat = anna.opensGroup("without postgres", boris);
        anna.says(chat, "before");
        String clientId = UUID.randomUUID().toString();

        world.natter().crash("postgres");
        await().atMost(RECOVERY).until(() -> {
            Answer answer = anna.triesToSay(chat, "again and again", clientId);
            assertThat(answer.status()).as(answer::toString).isIn(200, 201, 503);
            return answer.status() < 300;
        });

        assertThat(anna.client().get("/api/chats/" + chat + "/messages").list("content"))
                .isEqualTo(List.of("before", "again and again"));
    }
}
