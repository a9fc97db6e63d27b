package dev.natter.platform.bus;

import dev.natter.platform.trace.Span;
import dev.natter.platform.trace.Tracer;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** How an event looks as a NATS message. */
final class Wire {
    static final String ID = "Nats-Msg-Id";
    static final String SEQ = "Natter-Seq";
    static final String REQUEST_ID = "X-Request-Id";
    static final String TRACEPARENT = "traceparent";

    private static final Logger LOG = System.getLogger(Wire.class.getName());

    /** The third token of four names what an event is about. */
    private static final Pattern ID_TOKEN = Pattern.compile("(?<=^natter\\.[a-z]{1,20})\\.[^.]+\\.");

    private Wire() {}

    /** An event as a message of its own; to be acknowledged to a subject, or null. */
    static NatsMessage message(Outgoing event, Cause cause, String replyTo) {
        Headers headers = new Headers();
        headers.put(ID, event.id());
        headers.put(SEQ, Long.toString(event.seq()));
        if (cause.requestId() != null) {
            headers.put(REQUEST_ID, cause.requestId());
        }
        if (cause.traceparent() != null) {
            headers.put(TRACEPARENT, cause.traceparent());
        }
        return NatsMessage.builder()
                .subject(event.subject())
                .replyTo(replyTo)
                .headers(headers)
                .data(event.payload())
                .build();
    }

    /** Reads a message; one that isn't ours has no id and seq 0. */
    static Delivery read(Message message) {
        return new Delivery(
                message.getSubject(),
                header(message, ID),
                seq(message),
                message.getData(),
                new Cause(header(message, REQUEST_ID), header(message, TRACEPARENT)));
    }

    /** Hands a message over; whatever the consumer throws must not end the dispatcher's thread. */
    static void deliver(Message message, Tracer tracer, Consumer<Delivery> consumer) {
        try {
            Delivery delivery = read(message);
            if (delivery.cause().traceparent() == null) {
                consumer.accept(delivery);
            } else {
                deliver(delivery, tracer, consumer);
            }
        } catch (RuntimeException failure) {
            LOG.log(Level.ERROR, "A delivery of " + message.getSubject() + " failed", failure);
        }
    }

    private static void deliver(Delivery delivery, Tracer tracer, Consumer<Delivery> consumer) {
        Span span = tracer.follow(
                Span.Kind.CONSUMER,
                "receive " + kind(delivery.subject()),
                delivery.cause().traceparent());
        try {
            span.during(() -> {
                consumer.accept(delivery);
                return null;
            });
        } finally {
            span.end();
        }
    }

    /** A subject without the ids in it, as in {@code natter.message.*.created}: there are few of them. */
    static String kind(String subject) {
        return ID_TOKEN.matcher(subject).replaceAll(".*.");
    }

    private static String header(Message message, String name) {
        Headers headers = message.getHeaders();
        return headers == null ? null : headers.getFirst(name);
    }

    private static long seq(Message message) {
        String seq = header(message, SEQ);
        try {
            return seq == null ? 0 : Long.parseLong(seq);
        } catch (NumberFormatException notOurs) {
            return 0;
        }
    }
}
