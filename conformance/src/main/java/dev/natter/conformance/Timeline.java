package dev.natter.conformance;

import dev.natter.conformance.Step.Verdict;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** One chat as a client holds it, and the rule by which it grows. */
public final class Timeline {
    /** How a chat stands with the socket. */
    public enum Link {
        /** Nothing was asked for on this socket. */
        OFF,
        /** A join is under way. Changes that fit are applied; holes are to be filled by its replay. */
        JOINING,
        /** Every change comes by itself. */
        LIVE
    }

    private static final long NOTHING = -1;

    private final Map<String, Message> messages = new HashMap<>();
    private final Map<String, Long> reads = new HashMap<>();
    private String epoch;
    private long local = NOTHING;
    private long base = NOTHING;
    private long heldFrom;
    private long asked;
    private Link link = Link.OFF;
    private String joiningRef;
    private boolean loading;

    /**
     * The last number applied.
     *
     * @return the number; negative while nothing is known
     */
    public long local() {
        return local;
    }

    /**
     * The data set that {@link #local} is of.
     *
     * @return its name; null while nothing is known
     */
    public String epoch() {
        return epoch;
    }

    /**
     * How the chat stands with the socket.
     *
     * @return the link
     */
    public Link link() {
        return link;
    }

    /**
     * Whether a page is to be loaded before the chat can be shown.
     *
     * @return true from being opened or resynchronised until the page is there
     */
    public boolean isLoading() {
        return loading;
    }

    /**
     * From which number on every message is held. To scroll back, load the page {@code before} it.
     *
     * @return the number; 0 if the chat is held from its first message
     */
    public long heldFrom() {
        return heldFrom;
    }

    /**
     * What is to be shown, in order: the messages from {@link #heldFrom} on.
     *
     * @return messages by {@code seq}, deleted ones as tombstones
     */
    public List<Message> messages() {
        return messages.values().stream()
                .filter(message -> message.seq() != null && message.seq() >= heldFrom)
                .sorted(Comparator.comparing(Message::seq))
                .toList();
    }

    /**
     * A message, shown or not.
     *
     * @param id its id
     * @return the message, or null if it was never heard of
     */
    public Message message(String id) {
        return messages.get(id);
    }

    /**
     * Up to where others have read, as far as it was told.
     *
     * @return numbers by user
     */
    public Map<String, Long> reads() {
        return Collections.unmodifiableMap(reads);
    }

    /** The rule: a change with its number, and the number that must have been reached before it. */
    Verdict change(long seq, long prev, Message told) {
        if (prev > local) {
            return Verdict.HOLE;
        }
        if (seq <= local) {
            return Verdict.OLD;
        }
        if (told != null) {
            keep(told);
        }
        local = seq;
        return Verdict.APPLIED;
    }

    /** A live change of a chat that nothing is known of: the server joined it by itself, and is about to say so. */
    void beginBefore(long prev, String dataset) {
        if (local == NOTHING) {
            begin(prev, dataset);
        }
    }

    /** The replay has ended, or a live join was answered: everything up to {@code seq} should be here. */
    Verdict joined(long seq, String dataset, boolean ours) {
        if (local == NOTHING) {
            begin(seq, dataset);
        } else if (seq > local) {
            return Verdict.HOLE;
        } else if (link == Link.JOINING && !ours) {
            return Verdict.IGNORED;
        }
        link = Link.LIVE;
        return Verdict.APPLIED;
    }

    /** What came between can't be told; live from {@code seq} on. What was held may have changed unheard. */
    void resync(long seq, String dataset) {
        begin(seq, dataset);
        link = Link.LIVE;
        loading = true;
    }

    /** A page, of the latest messages or of those before a number. */
    Verdict page(Page page) {
        if (local == NOTHING || !page.epoch().equals(epoch)) {
            if (page.before() != null) {
                return Verdict.HOLE;
            }
            begin(page.seq(), page.epoch());
            link = Link.OFF;
        } else if (page.seq() < base) {
            // Read before the moment from which on we hear every change: what changed between, nobody would tell.
            return Verdict.HOLE;
        }
        page.messages().forEach(message -> keep(Message.of(message)));
        if (page.before() == null || page.before() >= heldFrom) {
            long first = page.messages().isEmpty()
                    ? heldFrom
                    : page.messages().getFirst().path("seq").asLong();
            heldFrom = page.more() ? Math.min(heldFrom, first) : 0;
        }
        loading &= page.before() != null;
        return Verdict.APPLIED;
    }

    /** A page of {@code /changes}: final states by {@code changed_seq}, which is to say a replay. */
    Verdict changes(long since, JsonNode answer) {
        if (since > local) {
            return Verdict.HOLE;
        }
        long before = local;
        for (JsonNode message : answer.path("messages")) {
            change(message.path("changed_seq").asLong(), local, Message.of(message));
        }
        if (!answer.path("more").asBoolean()) {
            local = Math.max(local, answer.path("seq").asLong());
        }
        return local > before ? Verdict.APPLIED : Verdict.OLD;
    }

    void read(String userId, long seq) {
        reads.merge(userId, seq, Math::max);
    }

    /** A join is about to be sent. */
    void joining(String ref) {
        link = Link.JOINING;
        asked = local;
        joiningRef = ref;
    }

    /** Whether a join of this {@code ref} is what the chat waits for. */
    boolean isJoining(String ref) {
        return link == Link.JOINING && ref.equals(joiningRef);
    }

    /** Whether the join that was just answered has brought anything. */
    boolean hasAdvanced() {
        return local > asked;
    }

    void opened() {
        loading |= local == NOTHING;
    }

    void off() {
        link = Link.OFF;
    }

    private void begin(long seq, String dataset) {
        messages.clear();
        reads.clear();
        local = seq;
        base = seq;
        heldFrom = seq + 1;
        epoch = dataset;
    }

    private void keep(Message told) {
        messages.merge(told.id(), told, Message::newer);
    }
}
