package dev.natter.realtime;

import dev.natter.contracts.Internal;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageEvent;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The log as message-service keeps it: where chats stand, and what changed in them. Thread-safe; blocks. */
final class Backfill {
    /** How many heads one request asks for: so many that its body stays below {@code Json.MAX_BYTES}. */
    static final int SEATS_AT_ONCE = 500;

    /**
     * Some changes.
     *
     * @param changes final states, in order; each one's {@code prev} is the number of the one before it
     * @param upTo the number that they bring their reader to
     * @param last whether there are no more
     */
    record Page(List<Change> changes, long upTo, boolean last) {}

    /**
     * Where a chat's log stands, for one of its members.
     *
     * @param seq the number of its latest change
     * @param epoch the data set
     * @param membersVersion the chat's version that the membership is true for
     */
    record Head(long seq, String epoch, long membersVersion) {
        /** It can't be told now whether the seat is taken. */
        private static final Head UNSURE = new Head(Long.MAX_VALUE, null, 0);

        boolean isSure() {
            return this != UNSURE;
        }
    }

    private final Peer messages;
    private final Dataset dataset;
    private final int pageSize;
    private final Gathering<Internal.Seat, Head> heads = new Gathering<>(SEATS_AT_ONCE, this::fetchHeads);

    Backfill(Peer messages, Dataset dataset, int pageSize) {
        this.messages = messages;
        this.dataset = dataset;
        this.pageSize = pageSize;
    }

    /**
     * Where chats stand, for members of them. Whoever asks at the same time asks together.
     *
     * @return the heads of at least those seats that are taken
     * @throws dev.natter.platform.http.Refused 503 if it can't be known now
     */
    Map<Internal.Seat, Head> heads(Collection<Internal.Seat> seats) throws InterruptedException {
        return heads.ask(seats);
    }

    /** Divides a question into such as one request may ask. */
    static <K> List<List<K>> batches(Collection<K> keys) {
        var all = List.copyOf(keys);
        var batches = new ArrayList<List<K>>();
        for (int from = 0; from < all.size(); from += SEATS_AT_ONCE) {
            batches.add(all.subList(from, Math.min(all.size(), from + SEATS_AT_ONCE)));
        }
        return batches;
    }

    private Map<Internal.Seat, Head> fetchHeads(List<Internal.Seat> seats) {
        Internal.Heads answer = messages.post("/internal/heads", new Internal.Seats(seats), Internal.Heads.class);
        dataset.seen(answer.epoch());
        var known = new HashMap<Internal.Seat, Head>();
        for (Internal.Head head : answer.heads()) {
            known.put(
                    new Internal.Seat(head.chatId(), head.userId()),
                    new Head(head.seq(), answer.epoch(), head.membersVersion()));
        }
        answer.unsure().forEach(seat -> known.put(seat, Head.UNSURE));
        return known;
    }

    /**
     * Begins to read what changed.
     *
     * @param chatId the chat
     * @param since where to begin
     * @param holds what the reader holds: a message created after it is new to them
     */
    Reading read(UUID chatId, long since, long holds) {
        return new Reading(chatId, since, holds);
    }

    /** One reader's way through a chat's changes, from the log or from memory. Used by one thread at a time. */
    final class Reading {
        private final UUID chatId;
        /** What was told as new: a message that changes while the pages are turned comes again, and isn't new then. */
        private final Set<Long> told = new HashSet<>();

        private final long since;
        private long holds;
        private long at;
        private boolean readLog;

        private Reading(UUID chatId, long since, long holds) {
            this.chatId = chatId;
            this.since = since;
            this.at = since;
            this.holds = holds;
        }

        /** Up to where the reader has come. */
        long at() {
            return at;
        }

        /** Whether the reader was told anything. */
        boolean wasTold() {
            return at > since;
        }

        /** Whether the log was read for it. */
        boolean hasReadLog() {
            return readLog;
        }

        /** Whether a message is new to the reader, by the number of its creation; it isn't a second time. */
        boolean isNew(long created) {
            return created > holds && told.add(created);
        }

        /** The reader was told, from memory, everything up to a number. */
        void toldUpTo(long seq) {
            if (seq > at) {
                at = seq;
                holds = seq;
                told.clear();
            }
        }

        /**
         * The next page; after the last one, what has changed since.
         *
         * @throws dev.natter.platform.http.Refused 503 if it can't be known now
         */
        Page next() {
            readLog = true;
            String path = "/internal/chats/" + chatId + "/changes?since=" + at + "&limit=" + pageSize;
            Internal.Changes page = messages.get(path, Internal.Changes.class)
                    .orElseThrow(() -> Problem.unavailable("This chat can't be read right now.")
                            .refuse());
            dataset.seen(page.epoch());
            var changes = new ArrayList<Change>(page.messages().size());
            for (Message message : page.messages()) {
                changes.add(Change.of(event(message), message.changedSeq(), message.seq()));
                at = message.changedSeq();
            }
            at = page.more() ? at : Math.max(at, page.seq());
            return new Page(changes, at, !page.more());
        }

        private MessageEvent event(Message message) {
            long seq = message.changedSeq();
            String id = chatId + "." + seq;
            if (message.deletedAt() != null) {
                return new MessageEvent.Deleted(chatId, seq, at, id, message.deletedAt(), message.id());
            }
            if (isNew(message.seq())) {
                return new MessageEvent.Created(chatId, seq, at, id, message.createdAt(), message);
            }
            Instant changedAt = message.editedAt() == null ? message.createdAt() : message.editedAt();
            return new MessageEvent.Updated(chatId, seq, at, id, changedAt, message);
        }
    }
}
