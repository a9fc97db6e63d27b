package dev.natter.conformance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A few chats as a server keeps them, and the box of one user, {@code me}. */
final class BoxLog {
    static final String ME = "me";

    /** A chat now. Its members are many or none; one without {@code ME} is not told of. */
    private static final class Room {
        private final String id;
        private final Map<String, String> members = new TreeMap<>();
        private String title = "";
        private long userSeq;

        Room(String id) {
            this.id = id;
        }

        boolean hasMe() {
            return members.containsKey(ME);
        }
    }

    private final List<Room> rooms = new ArrayList<>();
    private long number;

    long number() {
        return number;
    }

    ObjectNode create(String title) {
        var room = new Room("chat " + rooms.size());
        rooms.add(room);
        room.title = title;
        room.members.put(ME, "owner");
        room.members.put("anna", "member");
        return whole("chat_created", counted(room), number - 1);
    }

    /** Renames a chat; nobody tells one who isn't in it. */
    ObjectNode rename(int which, String title) {
        Room room = room(which);
        if (room == null) {
            return null;
        }
        room.title = title;
        return room.hasMe() ? frame("chat_updated", counted(room), number - 1).put("title", title) : null;
    }

    ObjectNode add(int which, String userId) {
        Room room = room(which);
        if (room == null || room.members.containsKey(userId) || !(room.hasMe() || userId.equals(ME))) {
            return null;
        }
        room.members.put(userId, "member");
        ObjectNode frame = frame("member_added", counted(room), number - 1).put("title", room.title);
        frame.put("chat_type", "group").put("member_count", room.members.size());
        members(frame.putArray("members"), Map.of(userId, "member"));
        return frame;
    }

    ObjectNode promote(int which, String role) {
        Room room = room(which);
        if (room == null || !room.hasMe()) {
            return null;
        }
        room.members.put(ME, role);
        ObjectNode frame = frame("member_updated", counted(room), number - 1);
        frame.putObject("member").put("user_id", ME).put("role", role);
        return frame;
    }

    ObjectNode remove(int which, String userId) {
        Room room = room(which);
        if (room == null || !room.hasMe() || !room.members.containsKey(userId)) {
            return null;
        }
        room.members.remove(userId);
        return frame("member_removed", counted(room), number - 1)
                .put("user_id", userId)
                .put("member_count", room.members.size());
    }

    ObjectNode delete(int which) {
        Room room = room(which);
        if (room == null || !room.hasMe()) {
            return null;
        }
        room.members.clear();
        return frame("chat_deleted", counted(room), number - 1);
    }

    /** What a gateway tells after it missed something: final states, each with the number before it. */
    ArrayNode replay(long since) {
        ArrayNode frames = Log.JSON.createArrayNode();
        long at = since;
        for (Room room : changed(since)) {
            ObjectNode frame = room.hasMe() ? whole("chat_updated", room, at) : frame("chat_deleted", room, at);
            frames.add(frame.put("replay", true));
            at = room.userSeq;
        }
        return frames;
    }

    /** {@code GET /api/chats?changed_since=}. */
    List<JsonNode> entries(long since) {
        return changed(since).stream().map(BoxLog::entry).toList();
    }

    Map<String, String> shown() {
        var shown = new TreeMap<String, String>();
        rooms.stream()
                .filter(Room::hasMe)
                .forEach(room -> shown.put(
                        room.id,
                        room.title + " of " + room.members.size() + ", me " + room.members.get(ME) + ", at "
                                + room.userSeq));
        return shown;
    }

    static Map<String, String> shown(Box box) {
        var shown = new TreeMap<String, String>();
        box.chats()
                .forEach((id, chat) -> shown.put(
                        id,
                        chat.title() + " of " + chat.memberCount() + ", me "
                                + chat.members().get(ME) + ", at " + chat.userSeq()));
        return shown;
    }

    private Room room(int which) {
        return rooms.isEmpty() ? null : rooms.get(which % rooms.size());
    }

    private Room counted(Room room) {
        room.userSeq = ++number;
        return room;
    }

    private List<Room> changed(long since) {
        return rooms.stream()
                .filter(room -> room.userSeq > since)
                .sorted(Comparator.comparing(room -> room.userSeq))
                .toList();
    }

    private static JsonNode entry(Room room) {
        ObjectNode entry = Log.JSON.createObjectNode().put("id", room.id).put("user_seq", room.userSeq);
        if (!room.hasMe()) {
            return entry.put("left", true);
        }
        entry.put("type", "group").put("title", room.title).put("member_count", room.members.size());
        members(entry.putArray("members"), room.members);
        return entry;
    }

    private static ObjectNode whole(String type, Room room, long prev) {
        ObjectNode frame = frame(type, room, prev).put("chat_type", "group");
        members(frame.putArray("members"), room.members);
        return frame.put("title", room.title).put("member_count", room.members.size());
    }

    private static ObjectNode frame(String type, Room room, long prev) {
        ObjectNode frame = Log.JSON.createObjectNode().put("type", type).put("chat_id", room.id);
        return frame.put("user_seq", room.userSeq).put("user_prev", prev);
    }

    private static void members(ArrayNode array, Map<String, String> members) {
        members.forEach((id, role) -> array.addObject().put("user_id", id).put("role", role));
    }
}
