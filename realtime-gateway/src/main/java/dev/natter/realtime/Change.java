package dev.natter.realtime;

import dev.natter.platform.bus.Delivery;
import dev.natter.platform.http.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * One change of a chat's timeline, ready to be sent.
 *
 * @param seq the chat's number of it
 * @param frame what clients get
 */
record Change(long seq, Frame frame) {
    /**
     * What NATS brought: its payload is the frame's, byte for byte.
     *
     * @param delivery an event of a timeline
     * @return the change; its {@code seq} is 0 if the event has no number
     */
    static Change of(Delivery delivery) {
        long seq = delivery.seq() > 0 ? delivery.seq() : seqOf(delivery.payload());
        return new Change(seq, Frame.text(delivery.payload()));
    }

    private static long seqOf(byte[] json) {
        try (JsonParser parser = Json.mapper().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return 0;
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                if (name.equals("seq")) {
                    return value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : 0;
                }
                parser.skipChildren();
            }
            return 0;
        } catch (JacksonException notJson) {
            return 0;
        }
    }
}
