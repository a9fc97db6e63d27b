package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** What five processes have over one: a service that is down takes down only its own endpoints. */
@ExtendWith(Arrangement.Curtain.class)
@Tag("e2e")
@Tag("fault")
@Isolated("kills what other tests need")
class IndependenceTest {
    private static final Duration RECOVERY = Duration.ofSeconds(40);

    private final World world = Arrangement.SEPARATE.world();
    private final Person anna = world.person("anna");
    private final Person boris = world.person("boris");

    @Test
    void withoutMessageServiceChatsAndUsersAreStillThere() {
        String chat = anna.opensGroup("without messages", boris);
        anna.says(chat, "before");

        world.natter().crash("message");

        Answer chats = anna.client().get("/api/chats").is(200);
        assertThat(chats.list("id")).contains(chat);
        anna.client().get("/api/users/me").is(200);
        await().atMost(RECOVERY).until(() -> {
            Answer answer = anna.triesToSay(chat, "afterwards", "once");
            assertThat(answer.status()).as(answer::toString).isIn(200, 201, 503);
            return answer.status() < 300;
        });
    }

    @Test
    void withoutChatServiceAndAuthServiceKnownMembersWriteAndRead() {
        String chat = anna.opensGroup("without its chat-service", boris);
        anna.says(chat, "before");

        world.natter().crash("chat");
        world.natter().crash("auth");

        anna.says(chat, "meanwhile");
        assertThat(boris.client()
                        .get("/api/chats/" + chat + "/messages")
                        .is(200)
                        .list("content"))
                .contains("before", "meanwhile");
        await().atMost(RECOVERY).untilAsserted(() -> {
            anna.client().get("/api/chats").is(200);
            anna.client().get("/api/users/me").is(200);
        });
    }
}
