package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.natter.local.Part;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whom services believe about who the client is, in the networks of {@code deploy/compose.yaml}. */
@Tag("deploy")
class ClientAddressTest {
    private static final String FORGED = "203.0.113.7";

    private final Compose compose = Compose.shared();
    private final String path = "/api/chats/" + UUID.randomUUID();

    @Test
    void behindNginxAServiceKnowsItsClientAndNotWhatTheClientSays() {
        asks(compose.baseUri());

        String fromOutside = compose.inspect(
                "nginx", "{{(index .NetworkSettings.Networks \"natter-test-compose_public\").Gateway}}");
        assertThat(logged()).endsWith(" address=" + fromOutside + " user=-");
    }

    @Test
    void whoComesPastNginxIsNotBelieved() {
        URI internal = compose.internalUri(Part.CHAT.key());
        asks(URI.create("http://" + internal.getHost() + ":8080"));

        String fromEdge = internal.getHost().replaceFirst("\\d+$", "1");
        assertThat(logged()).endsWith(" address=" + fromEdge + " user=-");
    }

    private void asks(URI base) {
        Client.anonymous(base)
                .raw(
                        "GET",
                        path,
                        Map.of("X-Forwarded-For", FORGED, "Forwarded", "for=" + FORGED),
                        BodyPublishers.noBody())
                .is(401);
    }

    /** The line of the access log, which comes a moment later. */
    private String logged() {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> compose.log(Part.CHAT.module())
                                .lines()
                                .filter(line -> line.contains("public GET " + path))
                                .findFirst()
                                .orElse(""),
                        line -> !line.isEmpty())
                .strip();
    }
}
