package dev.natter.realtime;

import dev.natter.contracts.MessageEvent;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One change of a chat's timeline, ready to be sent.
 *
 * @param seq the chat's number of it
 * @param created the number at which the message that changed was created; 0 if that isn't known
 * @param frame what clients get
 */
record Change(long seq, long created, Frame frame) implements Numbered {
    private static final byte[] NEW = "{\"type\":\"new_message\",".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] REPLAY_MARK = ",\"replay\":true}".getBytes(StandardCharsets.US_ASCII);

    /**
     * What NATS brought: its payload is the frame's, byte for byte.
     *
     * @param delivery an event of a timeline
     * @return the change; its {@code seq} is 0 if the event has no number
     */
    static Change of(Delivery delivery) {
        byte[] json = delivery.payload();
        boolean isNew = json.length > NEW.length && Arrays.equals(json, 0, NEW.length, NEW, 0, NEW.length);
        if (isNew && delivery.seq() > 0) {
            return new Change(delivery.seq(), delivery.seq(), Frame.text(json));
        }
        long[] numbers = numbers(json);
        return new Change(numbers[0], isNew ? numbers[0] : numbers[1], Frame.text(json));
    }

    /**
     * What the log told.
     *
     * @param event the event that leads to the message's final state
     * @param seq its number
     * @param created the number of the message's creation
     */
    static Change of(MessageEvent event, long seq, long created) {
        return new Change(seq, created, Frame.text(Json.bytes(event)));
    }

    /** The same, marked as told to one who was away. */
    Frame replayed() {
        byte[] json = frame.payload();
        byte[] marked = Arrays.copyOf(json, json.length - 1 + REPLAY_MARK.length);
        System.arraycopy(REPLAY_MARK, 0, marked, json.length - 1, REPLAY_MARK.length);
        return Frame.text(marked);
    }

    /**
     * The frame for one who was away.
     *
     * @param asNew whether the message is new to them
     * @param prev the number of what they are told before it
     */
    Frame replayed(boolean asNew, long prev) {
        ObjectNode object;
        try {
            if (!(Json.mapper().readTree(frame.payload()) instanceof ObjectNode read)) {
                return frame;
            }
            object = read;
        } catch (JacksonException notJson) {
            return frame;
        }
        JsonNode type = object.path("type");
        boolean whole = type.isString()
                && (type.stringValue().equals("new_message")
                        || type.stringValue().equals("message_updated"));
        if (created > 0 && whole) {
            object.put("type", asNew ? "new_message" : "message_updated");
        }
        object.put("prev", prev);
        object.put("replay", true);
        return Frame.text(Json.bytes(object));
    }

    /** The change's number and that of its message's creation, each 0 if it isn't there. */
    private static long[] numbers(byte[] json) {
        long seq = 0;
        long created = 0;
        try (JsonParser parser = Json.mapper().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new long[2];
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "seq" -> seq = value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : 0;
                    case "message" -> created = value == JsonToken.START_OBJECT ? seqOf(parser) : 0;
                    case "message_id" -> created = value == JsonToken.VALUE_STRING ? seqOf(parser.getString()) : 0;
                    default -> parser.skipChildren();
                }
            }
        } catch (JacksonException | NumberFormatException notOurs) {
            return new long[2];
        }
        return new long[] {seq, created};
    }

    private static long seqOf(JsonParser message) {
        long seq = 0;
        for (String name = message.nextName(); name != null; name = message.nextName()) {
            JsonToken value = message.nextToken();
            if (name.equals("seq") && value == JsonToken.VALUE_NUMBER_INT) {
                seq = message.getLongValue();
            }
            message.skipChildren();
        }
        return seq;
    }

    private static long seqOf(String messageId) {
        return Long.parseLong(messageId.substring(messageId.lastIndexOf('.') + 1));
    }
}
