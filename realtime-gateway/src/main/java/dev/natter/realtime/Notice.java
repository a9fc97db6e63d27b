package dev.natter.realtime;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Internal;
import dev.natter.platform.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entry of a user's box, ready to be sent.
 *
 * @param seq its number in the box
 * @param entered the chat that the user came into by it, or null
 * @param frame what the user's clients get
 */
record Notice(long seq, UUID entered, Frame frame) implements Numbered {
    /** What all who are concerned get alike: an event of chat-service without the numbers, encoded once. */
    static final class Text {
        private final byte[] json;

        private Text(ObjectNode object) {
            this.json = Json.bytes(object);
        }

        /**
         * Makes the text of an event.
         *
         * @param payload the event as NATS brought it
         */
        static Text of(byte[] payload) {
            var object = (ObjectNode) Json.mapper().readTree(payload);
            object.remove("user_seqs");
            JsonNode members = object.path("members");
            if (members instanceof ArrayNode all) {
                if (!object.has("member_count")) {
                    object.put("member_count", all.size());
                }
                while (all.size() > Chat.MEMBERS_SHOWN) {
                    all.remove(all.size() - 1);
                }
            }
            return new Text(object);
        }

        /** The frame for one of them. */
        Notice numbered(long seq, UUID entered) {
            return new Notice(seq, entered, Frame.text(appended(json, numbers(seq, seq - 1))));
        }
    }

    /**
     * How a chat stands, for one who missed how that came to be.
     *
     * @param entry from chat-service
     * @param prev the number of what they are told before it
     * @param isNew whether the user came into the chat by what they missed
     */
    static Notice replayed(Internal.BoxEntry entry, long prev, boolean isNew) {
        boolean left = entry.chatType() == null;
        ObjectNode object = Json.mapper().createObjectNode();
        object.put("type", left ? "chat_deleted" : isNew ? "chat_created" : "chat_updated");
        object.put("chat_id", entry.chatId().toString());
        object.put("version", entry.version());
        object.put("id", entry.chatId() + "." + entry.version());
        object.putPOJO("at", entry.at());
        if (!left) {
            object.put("chat_type", entry.chatType().name());
            object.put("title", entry.title());
            object.putPOJO("members", entry.members());
            object.put("member_count", entry.memberCount());
        }
        object.put("replay", true);
        byte[] json = appended(Json.bytes(object), numbers(entry.userSeq(), prev));
        return new Notice(entry.userSeq(), left || !isNew ? null : entry.chatId(), Frame.text(json));
    }

    /**
     * What happened in a chat, with the number that a box stands at.
     *
     * @param activity as chat-service told it
     * @param seq the number
     */
    static Frame activity(byte[] activity, long seq) {
        return Frame.text(appended(activity, ",\"user_seq\":" + seq + "}"));
    }

    private static String numbers(long seq, long prev) {
        return ",\"user_seq\":" + seq + ",\"user_prev\":" + prev + "}";
    }

    private static byte[] appended(byte[] json, String tail) {
        byte[] more = tail.getBytes(StandardCharsets.US_ASCII);
        byte[] longer = Arrays.copyOf(json, json.length - 1 + more.length);
        System.arraycopy(more, 0, longer, json.length - 1, more.length);
        return longer;
    }
}
