package dev.natter.platform.bus;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * Events that were committed together, as the one message that a stream keeps of them:
 * {@code natter.kept.<context>.<what>} where the events' own subjects are {@code natter.<context>.<aggregate
 * id>.<what>}. So a stream has as much to do for a commit of fifty events as for a commit of one, and who follows it
 * can still choose by kind.
 *
 * <p>The payloads follow one another in the body. A header {@code Natter-Event} for each, in their order, says how many
 * bytes are its own, its number, subject and id, and what caused it, if anybody knows: {@code <bytes> <seq> <subject>
 * <id> [<cause>]}.
 *
 * @param events at least one, all of one context and one kind
 */
public record Envelope(List<Outgoing> events) {
    /** Fewer than NATS takes by default, with room for headers; a single event may have more. */
    public static final int MAX_BYTES = 900_000;

    /** So many that what follows a stream gets batches that it can commit at once. */
    public static final int MAX_EVENTS = 500;

    private static final String KEPT = "natter.kept.";
    private static final String EVENT = "Natter-Event";

    /** Copies. */
    public Envelope {
        events = List.copyOf(events);
    }

    /**
     * One event alone.
     *
     * @param event the event
     * @return its envelope
     */
    public static Envelope of(Outgoing event) {
        return new Envelope(List.of(event));
    }

    /**
     * Where a stream keeps events like this one.
     *
     * @param subject an event's own subject
     * @return the subject of its envelope
     */
    public static String kept(String subject) {
        int context = subject.indexOf('.') + 1;
        return KEPT
                + subject.substring(context, subject.indexOf('.', context))
                + subject.substring(subject.lastIndexOf('.'));
    }

    /**
     * The envelope's name, by which a stream knows one that it has.
     *
     * @return the same however often it is published
     */
    public String id() {
        return events.getFirst().id() + "+" + (events.size() - 1);
    }

    /** As a message; its events caused by what is said here. */
    NatsMessage message(List<Cause> causes, String replyTo) {
        Headers headers = new Headers().put(Wire.ID, id());
        for (int i = 0; i < events.size(); i++) {
            headers.add(EVENT, head(events.get(i), causes.get(i)));
        }
        return NatsMessage.builder()
                .subject(kept(events.getFirst().subject()))
                .replyTo(replyTo)
                .headers(headers)
                .data(body())
                .build();
    }

    private byte[] body() {
        byte[] body = new byte
                [events.stream().mapToInt(event -> event.payload().length).sum()];
        int at = 0;
        for (Outgoing event : events) {
            System.arraycopy(event.payload(), 0, body, at, event.payload().length);
            at += event.payload().length;
        }
        return body;
    }

    /**
     * What a header says of an event; it is also what an outbox remembers beside the payload.
     *
     * @param event the event
     * @return the value of a header {@code Natter-Event}
     */
    public static String head(Outgoing event) {
        return head(event, event.cause());
    }

    private static String head(Outgoing event, Cause cause) {
        String text = cause.text();
        return event.payload().length + " " + event.seq() + " " + event.subject() + " " + event.id()
                + (text == null ? "" : " " + text);
    }

    /**
     * Reads what {@link #head} wrote, of events whose payloads follow one another.
     *
     * @param heads one for each event
     * @param body the payloads
     * @return the events
     * @throws IllegalArgumentException if that isn't what these are
     */
    public static Envelope parse(List<String> heads, byte[] body) {
        List<Outgoing> events = new ArrayList<>(heads.size());
        int at = 0;
        for (String head : heads) {
            String[] parts = head.split(" ", 5);
            if (parts.length < 4) {
                throw new IllegalArgumentException("Not the head of an event: " + head);
            }
            int bytes = Integer.parseInt(parts[0]);
            if (bytes < 0 || bytes > body.length - at) {
                throw new IllegalArgumentException(
                        "An event of " + bytes + " bytes where " + (body.length - at) + " are left");
            }
            byte[] payload = new byte[bytes];
            System.arraycopy(body, at, payload, 0, bytes);
            at += bytes;
            events.add(new Outgoing(
                    parts[2],
                    parts[3],
                    Long.parseLong(parts[1]),
                    payload,
                    Cause.parse(parts.length == 5 ? parts[4] : null)));
        }
        return new Envelope(events);
    }

    /** The events of a message; one that is no envelope is taken for an event, which its reader may refuse. */
    static List<Delivery> open(Message message) {
        List<String> heads =
                message.getHeaders() == null ? null : message.getHeaders().get(EVENT);
        try {
            return heads == null ? List.of(Wire.read(message)) : open(parse(heads, message.getData()));
        } catch (IllegalArgumentException notOurs) {
            return List.of(Wire.read(message));
        }
    }

    private static List<Delivery> open(Envelope envelope) {
        return envelope.events.stream()
                .map(event -> new Delivery(event.subject(), event.id(), event.seq(), event.payload(), event.cause()))
                .toList();
    }
}
