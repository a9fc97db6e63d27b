package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.local.Part;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** While any one service is down, the others answer for what they can; when it is back, it catches up. */
@Tag("deploy")
@ExtendWith(Arrangement.Curtain.class)
@Isolated("stops what other tests need")
class OneDownTest {
    private static final Duration RECOVERY = Duration.ofSeconds(40);

    private final Compose compose = Compose.shared();
    private final World world = Arrangement.COMPOSE.world();
    private final Person anna = world.person("anna");
    private final Person boris = world.person("boris");

    /** Connects only when something is down. */
    private final Person carla = world.stranger();

    @Test
    void withoutAuthServiceChatsGoOn() {
        String chat = anna.opensGroup("without auth-service", boris, carla);
        try (Follower device = new Follower(boris).follows(chat).online()) {
            String quiet = opensUnspoken();
            without(Part.AUTH, () -> {
                isAway("/api/users/me");
                talks(chat);
                hears(device, chat, 1);
                whoeverComesNowHears(chat, 1);
                whoeverComesNowHears(quiet, 0);
            });
        }
        anna.client().get("/api/users/me").is(200);
    }

    @Test
    void withoutMediaServiceChatsGoOn() {
        String chat = anna.opensGroup("without media-service", boris, carla);
        try (Follower device = new Follower(boris).follows(chat).online()) {
            String quiet = opensUnspoken();
            without(Part.MEDIA, () -> {
                isAway("/media/messages/none");
                talks(chat);
                hears(device, chat, 1);
                whoeverComesNowHears(chat, 1);
                whoeverComesNowHears(quiet, 0);
            });
        }
    }

    @Test
    void withoutTheGatewayMessagesAreSentAndReadAndHeardLater() {
        String chat = anna.opensGroup("without realtime-gateway", boris);
        try (Follower device = new Follower(boris).follows(chat).online()) {
            hears(device, chat, 0);
            without(Part.REALTIME, () -> talks(chat));
            hears(device, chat, 1);
            assertThat(device.holes()).isEmpty();
        }
    }

    @Test
    void withoutChatServiceMessagesAreSentAndHeardAndTheListCatchesUp() {
        String chat = anna.opensGroup("without chat-service", boris, carla);
        try (Follower device = new Follower(boris).follows(chat).online()) {
            hears(device, chat, 0);
            anna.says(chat, "before");
            hears(device, chat, 1);
            String quiet = opensUnspoken();
            without(Part.CHAT, () -> {
                isAway("/api/chats");
                talks(chat);
                hears(device, chat, 2);
                whoeverComesNowHears(chat, 2);
                whoeverComesNowHears(quiet, 0);
            });
        }
        await().atMost(RECOVERY)
                .untilAsserted(() -> assertThat(anna.client()
                                .get("/api/chats/" + chat)
                                .is(200)
                                .json()
                                .at("/last_message/content")
                                .asString())
                        .isEqualTo("meanwhile"));
    }

    @Test
    void withoutMessageServiceChatsAndPeopleAreThereAndSendsWait() {
        String chat = anna.opensGroup("without message-service", boris);
        try (Follower device = new Follower(boris).follows(chat).online()) {
            hears(device, chat, 0);
            without(Part.MESSAGE, () -> {
                assertThat(anna.client().get("/api/chats").is(200).list("id")).contains(chat);
                anna.client().get("/api/users/me").is(200);
                assertThat(anna.triesToSay(chat, "once", "only-once")
                                .is(503, "unavailable")
                                .json()
                                .get("retryable")
                                .asBoolean())
                        .isTrue();
            });
            anna.triesToSay(chat, "once", "only-once").is(201);
            hears(device, chat, 1);
        }
    }

    private void without(Part part, Runnable meanwhile) {
        compose.stop(part);
        try {
            meanwhile.run();
        } finally {
            compose.start(part);
        }
    }

    /** A chat in which nobody has said anything, and of which message-service knows by its event alone. */
    private String opensUnspoken() {
        String chat = anna.opensGroup("unspoken", boris, carla);
        String members = "SELECT count(*) FROM member WHERE chat_id = '" + chat + "'";
        await().atMost(RECOVERY).until(() -> compose.ask(Part.MESSAGE, members).equals("3"));
        return chat;
    }

    /** Somebody connects only now, joins a chat that stands at a number, and hears what is said then. */
    private void whoeverComesNowHears(String chat, long seq) {
        try (Follower newcomer = new Follower(carla).follows(chat).online()) {
            hears(newcomer, chat, seq);
            anna.says(chat, "meanwhile");
            hears(newcomer, chat, seq + 1);
            assertThat(newcomer.holes()).isEmpty();
        }
    }

    private void isAway(String path) {
        anna.client().raw("GET", path, Map.of(), BodyPublishers.noBody()).is(503, "unavailable");
    }

    private void talks(String chat) {
        anna.says(chat, "meanwhile");
        assertThat(boris.client()
                        .get("/api/chats/" + chat + "/messages")
                        .is(200)
                        .list("content"))
                .contains("meanwhile");
        boris.client().post("/api/chats/" + chat + "/read", Map.of("seq", 1)).is(200);
    }

    private static void hears(Follower device, String chat, long seq) {
        await().atMost(RECOVERY).until(() -> device.isFollowing(chat) && device.isAt(chat, seq));
        assertThat(device.resyncs()).isEqualTo(List.of());
    }
}
