package dev.natter.platform.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private static final Outgoing FIRST = event("a", 1, "{\"é\":1}", new Cause("request", "00-trace-step-01"));
    private static final Outgoing SECOND = event("b", 7, "{}", Cause.UNKNOWN);
    private static final Outgoing THIRD = event("c", 0, "", new Cause(null, "00-trace-step-01"));

    @Test
    void whatIsPutInComesOutInOrder() {
        var envelope = new Envelope(List.of(FIRST, SECOND, THIRD));

        List<Delivery> deliveries = Envelope.open(
                envelope.message(envelope.events().stream().map(Outgoing::cause).toList(), null));

        assertThat(deliveries)
                .extracting(Delivery::subject)
                .containsExactly("natter.test.a.happened", "natter.test.b.happened", "natter.test.c.happened");
        assertThat(deliveries).extracting(Delivery::id).containsExactly("a.1", "b.7", "c.0");
        assertThat(deliveries).extracting(Delivery::seq).containsExactly(1L, 7L, 0L);
        assertThat(deliveries).extracting(EnvelopeTest::text).containsExactly("{\"é\":1}", "{}", "");
        assertThat(deliveries).extracting(Delivery::cause).containsExactly(FIRST.cause(), Cause.UNKNOWN, THIRD.cause());
    }

    @Test
    void itLiesWhereItsKindIsKeptUnderANameThatStays() {
        var envelope = new Envelope(List.of(FIRST, SECOND));

        NatsMessage message = envelope.message(List.of(new Cause("another", null), Cause.UNKNOWN), "answer.here");

        assertThat(message.getSubject()).isEqualTo("natter.kept.test.happened");
        assertThat(message.getReplyTo()).isEqualTo("answer.here");
        assertThat(message.getHeaders().getFirst("Nats-Msg-Id")).isEqualTo("a.1+1");
        assertThat(Envelope.open(message).getFirst().cause().requestId()).isEqualTo("another");
    }

    @Test
    void whatIsNoEnvelopeIsAnEventByItself() {
        var broken = NatsMessage.builder()
                .subject("natter.kept.test.happened")
                .headers(new Headers().add("Natter-Event", "5 1 natter.test.a.happened a.1"))
                .data("{}")
                .build();

        assertThat(Envelope.open(broken)).singleElement().satisfies(event -> {
            assertThat(event.subject()).isEqualTo("natter.kept.test.happened");
            assertThat(text(event)).isEqualTo("{}");
        });
    }

    @Test
    void headsThatLieAreRefused() {
        for (String head : List.of("", "1", "1 2 3", "-1 1 a b", "3 1 a b", "x 1 a b", "1 x a b")) {
            assertThatIllegalArgumentException().as(head).isThrownBy(() -> Envelope.parse(List.of(head), new byte[2]));
        }
    }

    private static Outgoing event(String aggregate, long seq, String payload, Cause cause) {
        return new Outgoing(
                "natter.test." + aggregate + ".happened",
                aggregate + "." + seq,
                seq,
                payload.getBytes(StandardCharsets.UTF_8),
                cause);
    }

    private static String text(Delivery delivery) {
        return new String(delivery.payload(), StandardCharsets.UTF_8);
    }
}
