package dev.natter.realtime;

import dev.natter.platform.http.Json;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Problem.FieldError;
import dev.natter.platform.http.Query;
import dev.natter.platform.http.Refused;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** What a client may say. */
sealed interface ClientFrame {
    /** Longest {@code ref}, characters. */
    int MAX_REF = 200;

    /** Wants a chat's changes: from now on, or since some number of some data set. */
    record JoinChat(UUID chatId, Long since, String epoch) implements ClientFrame {}

    /**
     * Wants the changes of many chats.
     *
     * @param chats each with the number since which, or null for from now on
     * @param epoch of which data set the numbers are, or null
     */
    record JoinChats(Map<UUID, Long> chats, String epoch) implements ClientFrame {}

    /** Wants them no more. */
    record LeaveChat(UUID chatId) implements ClientFrame {}

    /** Is typing, or has stopped. */
    record Typing(UUID chatId, boolean isTyping) implements ClientFrame {}

    /**
     * Sends a message; all but the chat is for message-service to judge.
     *
     * @param chatId where to
     * @param named whether it has a {@code client_id}, so that sending it twice is sending it once
     */
    record SendMessage(UUID chatId, boolean named) implements ClientFrame {}

    /** Has read; how far, message-service judges. */
    record MarkRead(UUID chatId) implements ClientFrame {}

    /** Shows another access token of the same user. */
    record Authenticate(String token) implements ClientFrame {
        @Override
        public String toString() {
            return "Authenticate[]";
        }
    }

    /** Wants to know of these users, and no others any more, whether they are online. */
    record SubscribePresence(Set<UUID> userIds) implements ClientFrame {}

    /** Asks whether we are there. */
    record Ping() implements ClientFrame {}

    /**
     * Reads the JSON of a frame.
     *
     * @throws Refused 400 if it isn't one JSON object
     */
    static JsonNode read(byte[] utf8) {
        JsonNode object = Json.fromClient(utf8, JsonNode.class);
        if (!object.isObject()) {
            throw Problem.malformed("A frame is one JSON object.").refuse();
        }
        return object;
    }

    /**
     * What the answer is to repeat.
     *
     * @return the frame's {@code ref}, or null if it has none that could be repeated
     */
    static String ref(JsonNode object) {
        JsonNode ref = object.path("ref");
        return ref.isString() && ref.stringValue().length() <= MAX_REF && isText(ref.stringValue())
                ? ref.stringValue()
                : null;
    }

    /**
     * Understands a frame.
     *
     * @throws Refused 400 if its type is none of these, 422 if a field breaks a rule, 404 if its chat can't exist
     */
    static ClientFrame of(JsonNode object) {
        JsonNode ref = object.path("ref");
        if (!isAbsent(ref) && ref(object) == null) {
            throw invalid("ref", "'ref' must be a text of at most " + MAX_REF + " characters.");
        }
        JsonNode type = object.path("type");
        if (!type.isString()) {
            throw invalid("type", "'type' must be a text.");
        }
        return switch (type.stringValue()) {
            case "join_chat" -> new JoinChat(chatId(object), since(object.path("since")), epoch(object));
            case "join_chats" -> joinChats(object);
            case "leave_chat" -> new LeaveChat(chatId(object));
            case "typing" -> new Typing(chatId(object), isTyping(object));
            case "send_message" -> new SendMessage(chatId(object), !isAbsent(object.path("client_id")));
            case "mark_read" -> new MarkRead(chatId(object));
            case "authenticate" -> new Authenticate(token(object));
            case "subscribe_presence" -> new SubscribePresence(userIds(object));
            case "ping" -> new Ping();
            default ->
                throw Problem.malformed("There is no frame of this type.").refuse();
        };
    }

    private static JoinChats joinChats(JsonNode object) {
        JsonNode wanted = object.path("chats");
        if (!wanted.isObject() || wanted.size() > RealtimeConfig.CHATS_PER_FRAME) {
            throw invalid(
                    "chats", "'chats' must be an object of at most " + RealtimeConfig.CHATS_PER_FRAME + " chats.");
        }
        var chats = new LinkedHashMap<UUID, Long>();
        for (Map.Entry<String, JsonNode> chat : wanted.properties()) {
            UUID id = Query.id(chat.getKey())
                    .orElseThrow(() -> invalid("chats", "Each key of 'chats' must be the id of a chat."));
            chats.put(id, since(chat.getValue()));
        }
        return new JoinChats(chats, epoch(object));
    }

    private static UUID chatId(JsonNode object) {
        JsonNode value = object.path("chat_id");
        if (!value.isString()) {
            throw invalid("chat_id", "'chat_id' must be the id of a chat.");
        }
        return Query.id(value.stringValue())
                .orElseThrow(() -> Problem.notFound("chat").refuse());
    }

    private static Set<UUID> userIds(JsonNode object) {
        JsonNode value = object.path("user_ids");
        if (!value.isArray()) {
            throw noUsers();
        }
        var ids = new LinkedHashSet<UUID>();
        for (JsonNode id : value) {
            ids.add(Query.id(id.asString("")).orElseThrow(ClientFrame::noUsers));
        }
        return ids;
    }

    private static Refused noUsers() {
        return invalid("user_ids", "'user_ids' must be a list of ids of users.");
    }

    private static Long since(JsonNode value) {
        if (isAbsent(value)) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw invalid("since", "'since' must be a whole number, 0 or more.");
        }
        return value.longValue();
    }

    private static String epoch(JsonNode object) {
        JsonNode value = object.path("epoch");
        if (isAbsent(value)) {
            return null;
        }
        if (!value.isString()) {
            throw invalid("epoch", "'epoch' must be a text.");
        }
        return value.stringValue();
    }

    private static String token(JsonNode object) {
        JsonNode value = object.path("token");
        if (!value.isString()) {
            throw invalid("token", "'token' must be an access token.");
        }
        return value.stringValue();
    }

    private static boolean isTyping(JsonNode object) {
        JsonNode value = object.path("is_typing");
        if (isAbsent(value)) {
            return true;
        }
        if (!value.isBoolean()) {
            throw invalid("is_typing", "'is_typing' must be true or false.");
        }
        return value.booleanValue();
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    // A lone surrogate can't be written back as UTF-8.
    private static boolean isText(String value) {
        return value.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    private static Refused invalid(String field, String message) {
        return Problem.invalid(List.of(new FieldError(field, "invalid", message)))
                .refuse();
    }
}
