package dev.natter.conformance;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * A chat as the list of chats shows it. Everything but {@code id} may be missing until it was told.
 *
 * @param id its name
 * @param type direct or group
 * @param title a group's title
 * @param members roles by user, of those members that were told of: a large chat shows the first 50 only
 * @param memberCount how many there are in all
 * @param userSeq the number in the user's box of the chat's last structural change
 * @param seq the number of its latest change that was heard of; a hint, and no {@code local}
 * @param lastMessage the id of its newest message, or null
 * @param lastReadSeq up to where the user has read
 * @param unreadCount how many messages are unread
 */
public record Chat(
        String id,
        String type,
        String title,
        Map<String, String> members,
        int memberCount,
        long userSeq,
        long seq,
        String lastMessage,
        Long lastReadSeq,
        Integer unreadCount) {

    public Chat {
        members = java.util.Collections.unmodifiableMap(new TreeMap<>(members));
    }

    static Chat unknown(String id) {
        return new Chat(id, null, null, Map.of(), 0, 0, 0, null, null, null);
    }

    /** An entry of {@code GET /api/chats}: the chat as it is. */
    static Chat of(JsonNode entry) {
        Chat chat = unknown(entry.path("id").asString());
        return chat.changed(entry, entry.path("type").asString(null), members(entry))
                .active(entry)
                .read(entry);
    }

    /** A structural frame: what it names is so now, and the rest as it was. */
    Chat told(JsonNode frame) {
        var now = new TreeMap<>(members);
        switch (frame.path("type").asString()) {
            case "member_added" -> now.putAll(members(frame));
            case "member_updated" -> {
                JsonNode member = frame.path("member");
                now.put(member.path("user_id").asString(), member.path("role").asString());
            }
            case "member_removed" -> now.remove(frame.path("user_id").asString());
            default -> {
                if (frame.path("members").isArray()) {
                    now.clear();
                    now.putAll(members(frame));
                }
            }
        }
        return changed(frame, frame.path("chat_type").asString(type), now);
    }

    /** {@code chat_activity}, or an entry: the newest message. News of an older one change nothing. */
    Chat active(JsonNode json) {
        long told = json.path("seq").asLong(0);
        JsonNode last = json.path("last_message").path("id");
        return told < seq
                ? this
                : new Chat(
                        id,
                        type,
                        title,
                        members,
                        memberCount,
                        userSeq,
                        told,
                        last.asString(lastMessage),
                        lastReadSeq,
                        unreadCount);
    }

    /** {@code unread}, {@code marked_read}, or an entry: where the user stands. */
    Chat read(JsonNode json) {
        JsonNode position = json.path("last_read_seq");
        JsonNode count = json.path("unread_count");
        return new Chat(
                id,
                type,
                title,
                members,
                memberCount,
                userSeq,
                seq,
                lastMessage,
                position.isNumber() ? Long.valueOf(position.asLong()) : lastReadSeq,
                count.isNumber() ? Integer.valueOf(count.asInt()) : unreadCount);
    }

    private Chat changed(JsonNode json, String kind, Map<String, String> nowMembers) {
        return new Chat(
                id,
                kind,
                json.path("title").asString(title),
                nowMembers,
                json.path("member_count").asInt(memberCount),
                json.path("user_seq").asLong(userSeq),
                seq,
                lastMessage,
                lastReadSeq,
                unreadCount);
    }

    private static Map<String, String> members(JsonNode json) {
        var roles = new TreeMap<String, String>();
        for (JsonNode member : json.path("members")) {
            roles.put(member.path("user_id").asString(), member.path("role").asString());
        }
        return roles;
    }
}
