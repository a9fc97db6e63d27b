package dev.natter.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.contracts.FileInfo;
import dev.natter.contracts.MessageId;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.bus.Envelope;
import dev.natter.testing.Reply;
import dev.natter.testing.Samples;
import dev.natter.testing.StubPeer.Answer;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What media-service and its neighbours say to each other, as the golden samples have it. */
class ContractServiceTest {
    private static final JsonNode MESSAGE = Samples.json("message");
    private static final String CHAT = MESSAGE.get("chat_id").asString();

    private MediaGround media;
    private Bus bus;

    @BeforeEach
    void open() {
        media = new MediaGround(Map.of());
        media.messageService.on("GET", "/internal/messages/([^/]+)", _ -> Answer.ok(MESSAGE));
        bus = Bus.open(media.config, "test");
        bus.start();
    }

    @AfterEach
    void close() {
        bus.close();
        media.close();
    }

    @Test
    void whoseAMessageIsMessageServiceAnswers() {
        assertThat(attach(UUID.fromString(MESSAGE.get("sender_id").asString())).status())
                .isEqualTo(201);
        assertThat(attach(UUID.randomUUID()).status()).isEqualTo(403);
    }

    @Test
    void filesGoWithTheirMessage() {
        goes("message_deleted", "natter.message." + CHAT + ".deleted");
    }

    @Test
    void filesGoWithTheirChat() {
        goes("chat_deleted", "natter.chat." + CHAT + ".deleted");
    }

    @Test
    void itsAnswersAreThoseOfTheSamples() {
        Samples.demandAlike("limits_media", media.peer().get("/internal/limits/media"));
    }

    private void goes(String sample, String subject) {
        Reply attached = attach(UUID.fromString(MESSAGE.get("sender_id").asString()));
        String url = attached.as(FileInfo[].class)[0].url();
        assertThat(media.anyone().get(url).status()).isEqualTo(200);

        bus.publish(Envelope.of(Samples.event(sample, subject))).join();

        await().until(() -> media.anyone().get(url).status() == 404);
    }

    private Reply attach(UUID user) {
        MessageId message = MessageId.parse(MESSAGE.get("id").asString()).orElseThrow();
        return media.attach(user, message, Form.of("a.txt", "text".getBytes(UTF_8)));
    }
}
