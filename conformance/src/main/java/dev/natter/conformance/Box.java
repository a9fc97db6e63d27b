package dev.natter.conformance;

import dev.natter.conformance.Step.Verdict;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * The user's box: the chats they are in, as a log of structural changes (created, renamed, members, deleted) under the
 * same rule as a chat's. With one difference: a frame of the box tells what changed, not all that a chat is, so it may
 * only be applied to a list that is whole. Holes are filled over HTTP, by one question at a time, page by page; until
 * the last page is there, frames are only remembered by their number, and the question is asked again if the answer
 * didn't reach that far.
 */
public final class Box {
    private final Map<String, Chat> chats = new HashMap<>();
    private String epoch;
    private long local;
    private long heard;
    private long cursor;
    private boolean asking;
    private boolean anew;
    private Long unreadTotal;

    /**
     * The last number applied; 0 holds nothing.
     *
     * @return the box's {@code user_seq}
     */
    public long local() {
        return local;
    }

    /**
     * The chats the user is in.
     *
     * @return chats by id
     */
    public Map<String, Chat> chats() {
        return Collections.unmodifiableMap(chats);
    }

    /**
     * Whether the list is being fetched.
     *
     * @return true from a hole until it is filled
     */
    public boolean isAsking() {
        return asking;
    }

    /**
     * How many messages are unread in all chats.
     *
     * @return the number, or null if it was never told
     */
    public Long unreadTotal() {
        return unreadTotal;
    }

    /** A socket begins: where the server says that the box stands, null if it doesn't know, and of which data set. */
    Optional<Action> hello(JsonNode number, String dataset) {
        if (epoch != null && isOfAnother(dataset)) {
            return Optional.of(reset(dataset));
        }
        epoch = dataset == null ? epoch : dataset;
        boolean isWhole = number.isNumber() && number.asLong() == local && !asking;
        asking = false;
        return isWhole ? Optional.empty() : doubt();
    }

    /** The rule, for the user's own numbers. */
    Verdict change(long seq, long prev) {
        if (seq <= local) {
            return Verdict.OLD;
        }
        if (prev > local || asking) {
            heard(seq);
            return Verdict.HOLE;
        }
        local = seq;
        return Verdict.APPLIED;
    }

    /** Where the box was heard to stand. */
    void heard(long number) {
        heard = Math.max(heard, number);
    }

    /** Asks for what is missing, if anything is. */
    Optional<Action> ask() {
        return heard > local ? doubt() : Optional.empty();
    }

    /** Asks for what may be missing, unless somebody has. What was heard of until now, the answer will have. */
    Optional<Action> doubt() {
        if (asking) {
            return Optional.empty();
        }
        asking = true;
        cursor = local;
        heard = local;
        return Optional.of(new Action.FetchChats(local));
    }

    /** An answer, of some data set; null if it can't be known now. */
    boolean isOfAnother(String dataset) {
        if (epoch == null) {
            epoch = dataset;
        }
        return dataset != null && !dataset.equals(epoch);
    }

    /** Whether an answer is the one that is waited for. */
    boolean isWaitingFor(long since) {
        return asking && since == cursor;
    }

    /** The next entry of the list: a chat as it is, or a tombstone. */
    void entry(JsonNode entry) {
        cursor = entry.path("user_seq").asLong();
        String id = entry.path("id").asString();
        if (isLeft(entry)) {
            chats.remove(id);
        } else {
            chats.put(id, Chat.of(entry));
        }
    }

    /** The rest of the list. */
    Action next() {
        return new Action.FetchChats(cursor);
    }

    /** The list was read to its end, and stood at a number. */
    void complete(long number) {
        local = Math.max(local, number);
        asking = false;
        anew = false;
    }

    /** Nothing that is held can be trusted: the list is of another data set now. */
    Action reset(String dataset) {
        epoch = dataset;
        chats.clear();
        local = 0;
        heard = 0;
        cursor = 0;
        anew = true;
        asking = true;
        return new Action.FetchChats(0);
    }

    static boolean isLeft(JsonNode entry) {
        return entry.path("left").asBoolean(false);
    }

    boolean isAnew() {
        return anew;
    }

    void told(String chatId, UnaryOperator<Chat> change) {
        chats.put(chatId, change.apply(chats.getOrDefault(chatId, Chat.unknown(chatId))));
    }

    void toldIfKnown(String chatId, UnaryOperator<Chat> change) {
        chats.computeIfPresent(chatId, (_, chat) -> change.apply(chat));
    }

    void left(String chatId) {
        chats.remove(chatId);
    }

    void unread(JsonNode frame) {
        toldIfKnown(frame.path("chat_id").asString(), chat -> chat.read(frame));
        if (frame.path("total").isNumber()) {
            unreadTotal = frame.path("total").asLong();
        }
    }
}
