package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** One of five processes dies; in one process there is none to die alone. */
@Tag("e2e")
@Tag("fault")
@Isolated("kills what other tests need")
@ExtendWith(Arrangement.Curtain.class)
class ServiceDownTest {
    private static final Duration RECOVERY = Duration.ofSeconds(40);

    @Test
    void aServiceThatIsDownTakesDownOnlyItsOwn() {
        World world = Arrangement.SEPARATE.world();
        Person anna = world.person("anna");
        String chat = anna.opensGroup("without messages", world.person("boris"));
        anna.says(chat, "before");

        world.natter().crash("message");

        Answer chats = anna.client().get("/api/chats").is(200);
        assertThat(chats.list("id")).contains(chat);
        anna.client().get("/api/users/me").is(200);
        await().atMost(RECOVERY).until(() -> {
            Answer answer = CrashTest.tries(anna, chat, "once");
            assertThat(answer.status()).as(answer::toString).isIn(200, 201, 503);
            return answer.status() < 300;
        });
    }
}
