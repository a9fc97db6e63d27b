package dev.natter.conformance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One chat's log as a server keeps it: every state that every message ever had. */
final class Log {
    static final JsonMapper JSON = new JsonMapper();
    static final String CHAT = "c";
    static final String EPOCH = "e";
    private static final String TIME = "2026-01-31T12:00:00.000Z";

    private final List<Message> states = new ArrayList<>();
    private int restores;

    /** The data set's name. */
    String epoch() {
        return EPOCH + restores;
    }

    /** Forgets the latest changes. */
    void restore(int back) {
        restores++;
        states.subList(Math.max(0, states.size() - back), states.size()).clear();
    }

    long head() {
        return states.size();
    }

    void send(String content) {
        long seq = head() + 1;
        states.add(new Message(CHAT + "." + seq, seq, seq, "sender", content, List.of(), false, false));
    }

    /** Edits one of the messages that are left, if any. */
    boolean edit(int which, String content) {
        Message now = left(which);
        return now != null && add(now, content, now.files(), true, false);
    }

    boolean attach(int which, String file) {
        Message now = left(which);
        var files = now == null ? new ArrayList<String>() : new ArrayList<>(now.files());
        files.add(file);
        return now != null && add(now, now.content(), files, now.edited(), false);
    }

    boolean delete(int which) {
        Message now = left(which);
        return now != null && add(now, null, List.of(), false, true);
    }

    /** What a message was at a number. */
    Message stateAt(long changedSeq) {
        return states.get((int) changedSeq - 1);
    }

    /** The messages as they are now, by the number of their creation. */
    List<Message> messages() {
        return states.stream()
                .filter(state -> latest(state.seq()) == state)
                .sorted(Comparator.comparing(Message::seq))
                .toList();
    }

    /** The messages that changed after a number, as they are now, by the number of their change. */
    List<Message> changes(long since) {
        return messages().stream()
                .filter(message -> message.changedSeq() > since)
                .sorted(Comparator.comparing(Message::changedSeq))
                .toList();
    }

    /** The frame of a change when it happens. */
    ObjectNode live(long seq) {
        Message now = stateAt(seq);
        return frame(now, seq - 1, now.changedSeq() == now.seq());
    }

    static ObjectNode frame(Message now, long prev, boolean isNew) {
        String type = now.deleted() ? "message_deleted" : isNew ? "new_message" : "message_updated";
        ObjectNode frame = JSON.createObjectNode().put("type", type).put("chat_id", CHAT);
        frame.put("seq", now.changedSeq()).put("prev", prev);
        if (now.deleted()) {
            frame.put("message_id", now.id());
        } else {
            frame.set("message", json(now));
        }
        return frame;
    }

    static ObjectNode json(Message now) {
        ObjectNode json = JSON.createObjectNode().put("id", now.id()).put("chat_id", CHAT);
        json.put("seq", now.seq()).put("changed_seq", now.changedSeq()).put("sender_id", now.senderId());
        json.put("content", now.content());
        json.put("edited_at", now.edited() ? TIME : null).put("deleted_at", now.deleted() ? TIME : null);
        var files = json.putArray("files");
        now.files().forEach(file -> files.addObject().put("id", file));
        return json;
    }

    private Message latest(long seq) {
        return states.stream()
                .filter(state -> state.seq() == seq)
                .max(Comparator.comparing(Message::changedSeq))
                .orElseThrow();
    }

    private Message left(int which) {
        List<Message> left =
                messages().stream().filter(message -> !message.deleted()).toList();
        return left.isEmpty() ? null : left.get(which % left.size());
    }

    private boolean add(Message was, String content, List<String> files, boolean edited, boolean deleted) {
        return states.add(
                new Message(was.id(), was.seq(), head() + 1, was.senderId(), content, files, edited, deleted));
    }
}
