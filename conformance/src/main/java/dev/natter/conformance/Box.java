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
 * same rule as a chat's. Holes are filled over HTTP, by one question at a time; what arrives meanwhile and doesn't fit
 * is only remembered by its number, so that the question is asked again if the answer didn't reach that far.
 */
public final class Box {
    private final Map<String, Chat> chats = new HashMap<>();
    private String epoch;
    private long local;
    private long seen;
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
        if (epoch != null && !epoch.equals(dataset) || number.isNumber() && number.asLong() < local) {
            reset(dataset);
        }
        epoch = dataset;
        heard(number.asLong(0));
        asking = anew || !number.isNumber() || number.asLong() > local;
        return asking ? Optional.of(new Action.FetchChats(local)) : Optional.empty();
    }

    /** The rule, for the user's own numbers. */
    Verdict change(long seq, long prev) {
        if (seq <= local) {
            return Verdict.OLD;
        }
        heard(seq);
        if (prev > local || anew) {
            return Verdict.HOLE;
        }
        local = seq;
        return Verdict.APPLIED;
    }

    /** Where the box was heard to stand. */
    void heard(long number) {
        seen = Math.max(seen, number);
    }

    /** The list seems not to be what it was. */
    void doubt() {
        seen = Math.max(seen, local + 1);
    }

    /** Asks for what is missing, if anything is and nobody has. */
    Optional<Action> ask() {
        if (seen <= local || asking) {
            return Optional.empty();
        }
        asking = true;
        return Optional.of(new Action.FetchChats(local));
    }

    /** An answer, of some data set; null if it can't be known now. */
    boolean isOfAnother(String dataset) {
        if (epoch == null) {
            epoch = dataset;
        }
        return dataset != null && !dataset.equals(epoch);
    }

    /** An entry of the list of chats, or of one left. */
    Verdict entry(JsonNode entry) {
        long seq = entry.path("user_seq").asLong();
        if (seq <= local) {
            return Verdict.OLD;
        }
        local = seq;
        String id = entry.path("id").asString();
        if (entry.path("left").asBoolean(false)) {
            chats.remove(id);
        } else {
            chats.put(id, Chat.of(entry));
        }
        return Verdict.APPLIED;
    }

    /** The list was read to its end, and stood at a number. What it doesn't account for was not of this list. */
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
        seen = 0;
        anew = true;
        asking = true;
        return new Action.FetchChats(0);
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
