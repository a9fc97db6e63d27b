package dev.natter.conformance;

import dev.natter.conformance.Step.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * All that one user's client keeps, and the door for what it hears: give every frame of the socket to {@link #hear}, in
 * order, every answer to the method that is named for it, and do what the steps say. Not thread-safe.
 */
public final class ClientState {
    private static final int CHATS_PER_FRAME = 500;

    private final Following following = new Following();
    private final Box box = new Box();
    private final Moment now = new Moment();
    private String userId = "";

    /**
     * A chat that is followed.
     *
     * @param chatId the chat
     * @return what is held of it, or null if it isn't followed
     */
    public Timeline timeline(String chatId) {
        return following.timelines().get(chatId);
    }

    /**
     * The chats that are followed.
     *
     * @return their ids
     */
    public Set<String> followed() {
        return Collections.unmodifiableSet(following.timelines().keySet());
    }

    /**
     * The list of chats.
     *
     * @return the user's box
     */
    public Box box() {
        return box;
    }

    /**
     * What is true only now.
     *
     * @return who types, who is online
     */
    public Moment now() {
        return now;
    }

    /**
     * The user opens a chat; from now on it is followed, over every reconnection.
     *
     * @param chatId the chat
     * @return a load, if nothing is held of it yet
     */
    public Step follow(String chatId) {
        return following.follow(chatId);
    }

    /**
     * The user needs a chat no more, or the server answered 404 for it. Who is still connected also sends
     * {@code leave_chat}.
     *
     * @param chatId the chat
     */
    public void forget(String chatId) {
        following.drop(chatId);
    }

    /** The socket has closed. What is held stays; what is only true now is forgotten. */
    public void closed() {
        following.closed();
        now.clear();
    }

    /**
     * A frame of the socket.
     *
     * @param frame the frame
     * @return what it led to
     */
    public Step hear(JsonNode frame) {
        return switch (frame.path("type").asString("")) {
            case "hello" -> hello(frame);
            case "joined_chat" ->
                following.joined(chat(frame), frame.path("seq").asLong(), frame.has("ref"));
            case "joined_chats" -> joinedMany(frame);
            case "resync_required" ->
                following.resync(chat(frame), frame.path("seq").asLong());
            case "left_chat" -> {
                following.drop(chat(frame));
                yield Step.of(Verdict.APPLIED);
            }
            case "chat_activity", "box" -> activity(frame);
            case "unread", "marked_read" -> {
                box.unread(frame);
                yield Step.of(Verdict.APPLIED);
            }
            case "message_read" -> read(frame);
            case "typing" -> now.types(frame);
            case "presence" -> now.presence(frame);
            case "error" -> refused(frame);
            case "token_expiring" -> Step.of(Verdict.APPLIED, new Action.Authenticate());
            case "reconnect" ->
                Step.of(
                        Verdict.APPLIED,
                        new Action.Reconnect(frame.path("after_ms").asLong()));
            default -> numbered(frame);
        };
    }

    /**
     * A page of a chat's messages.
     *
     * @param page the answer
     * @return a join, if the chat isn't live yet; a load, if the page was read too early
     */
    public Step page(Page page) {
        return following.page(page);
    }

    /**
     * An answer to {@code GET /api/chats/{id}/changes}.
     *
     * @param chatId the chat
     * @param since what was asked for
     * @param answer the answer
     * @return the next of it, while there is more; a load, if the chat was restored from a backup
     */
    public Step changes(String chatId, long since, JsonNode answer) {
        return following.changes(chatId, since, answer);
    }

    /**
     * An answer to {@code GET /api/chats?changed_since=}. The end of a socket is the end of such a question, which is
     * asked anew when the next one opens: an answer that comes later isn't to be given here, since the pages of one
     * list must not be mixed with those of another.
     *
     * @param since what was asked for
     * @param userSeq its header {@code Natter-User-Seq}
     * @param epoch its header {@code Natter-Epoch}, or null
     * @param entries chats and tombstones
     * @param more whether there are more, a {@code Link} with {@code rel="next"}
     * @return the next question, while there is more or something newer was heard of
     */
    public Step chats(long since, long userSeq, String epoch, List<JsonNode> entries, boolean more) {
        if (box.isOfAnother(epoch)) {
            return Step.of(Verdict.HOLE, box.reset(epoch));
        }
        if (!box.isWaitingFor(since)) {
            return Step.of(Verdict.OLD);
        }
        entries.forEach(box::entry);
        entries.stream()
                .filter(Box::isLeft)
                .map(entry -> entry.path("id").asString())
                .forEach(following::drop);
        var next = new ArrayList<>(following.again(entries.stream()
                .filter(entry -> !Box.isLeft(entry))
                .map(entry -> entry.path("id").asString())
                .collect(Collectors.toSet())));
        if (more) {
            next.add(box.next());
            return new Step(Verdict.APPLIED, next);
        }
        boolean anew = box.isAnew();
        box.complete(userSeq);
        if (anew) {
            following.dropUnless(box.chats()::containsKey);
        }
        box.ask().ifPresent(next::add);
        return new Step(Verdict.APPLIED, next);
    }

    /**
     * {@code GET /api/chats?changed_since=} was refused as {@code ahead}: the list was restored from a backup.
     *
     * @return the list is to be loaded from its beginning
     */
    public Step chatsAhead() {
        return Step.of(Verdict.APPLIED, box.reset(null));
    }

    private Step hello(JsonNode frame) {
        userId = frame.path("user_id").asString();
        // Null if the server doesn't know it yet: no reason to doubt what is held.
        String epoch = frame.path("epoch").asString(null);
        int limit = frame.path("limits").path("chats_per_frame").asInt(CHATS_PER_FRAME);
        var next = new ArrayList<Action>();
        box.hello(frame.path("user_seq"), epoch).ifPresent(next::add);
        next.addAll(following.hello(epoch, limit));
        return new Step(Verdict.APPLIED, next);
    }

    /**
     * A change of a chat or of the box. One of a kind that this client doesn't know counts all the same. A live one of
     * a chat that isn't followed comes to who subscribed to all: it may come before the mark that says so.
     */
    private Step numbered(JsonNode frame) {
        if (frame.has("user_prev")) {
            return structure(frame);
        }
        if (!frame.has("prev")) {
            return Step.of(Verdict.IGNORED);
        }
        long seq = frame.path("seq").asLong();
        Message told = frame.has("message")
                ? Message.of(frame.path("message"))
                : frame.path("type").asString().equals("message_deleted")
                        ? Message.deleted(frame.path("message_id").asString(), seq)
                        : null;
        long prev = frame.path("prev").asLong();
        boolean isMine = box.isAsking() || box.chats().containsKey(chat(frame));
        if (isMine && !frame.path("replay").asBoolean(false)) {
            following.beginBefore(chat(frame), prev);
        }
        return following.change(chat(frame), seq, prev, told);
    }

    private Step structure(JsonNode frame) {
        Verdict verdict = box.change(
                frame.path("user_seq").asLong(), frame.path("user_prev").asLong());
        if (verdict == Verdict.APPLIED) {
            switch (frame.path("type").asString()) {
                case "chat_created", "chat_updated", "member_added", "member_updated" ->
                    box.told(chat(frame), known -> known.told(frame));
                case "member_removed" -> {
                    if (frame.path("user_id").asString().equals(userId)) {
                        left(chat(frame));
                    } else {
                        box.told(chat(frame), known -> known.told(frame));
                    }
                }
                case "chat_deleted" -> left(chat(frame));
                default -> {}
            }
        }
        return new Step(verdict, box.ask().stream().toList());
    }

    private void left(String chatId) {
        box.left(chatId);
        following.drop(chatId);
        now.left(chatId);
    }

    private Step joinedMany(JsonNode frame) {
        Step step = following.joinedMany(frame);
        var next = new ArrayList<>(step.next());
        frame.path("inaccessible").forEach(chatId -> next.addAll(denied(chatId.asString())));
        return new Step(step.verdict(), next);
    }

    /** The user isn't in a chat: if the list says otherwise, it isn't what it was. */
    private List<Action> denied(String chatId) {
        following.drop(chatId);
        return box.chats().containsKey(chatId) ? box.doubt().stream().toList() : List.of();
    }

    private Step refused(JsonNode frame) {
        String ref = frame.path("ref").asString("");
        if (frame.path("retryable").asBoolean(false)) {
            return following.refused(ref, frame.path("retry_after_ms").asLong(0));
        }
        boolean denied = frame.path("code").asString("").equals("not_found") && timeline(ref) != null;
        return denied ? new Step(Verdict.APPLIED, denied(ref)) : Step.of(Verdict.IGNORED);
    }

    private Step activity(JsonNode frame) {
        box.heard(frame.path("user_seq").asLong(0));
        box.toldIfKnown(chat(frame), known -> known.active(frame));
        return new Step(Verdict.APPLIED, box.ask().stream().toList());
    }

    private Step read(JsonNode frame) {
        Timeline timeline = timeline(chat(frame));
        if (timeline == null) {
            return Step.of(Verdict.IGNORED);
        }
        timeline.read(frame.path("user_id").asString(), frame.path("seq").asLong());
        return Step.of(Verdict.APPLIED);
    }

    private static String chat(JsonNode frame) {
        return frame.path("chat_id").asString("");
    }
}
