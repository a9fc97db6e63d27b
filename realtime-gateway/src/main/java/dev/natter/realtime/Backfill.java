package dev.natter.realtime;

import dev.natter.contracts.Internal;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageEvent;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The log as message-service keeps it: where a chat stands, and what changed in it. Thread-safe; blocks. */
final class Backfill {
    /**
     * Some changes.
     *
     * @param changes final states, in order; each one's {@code prev} is the number of the one before it
     * @param upTo the number that they bring their reader to
     * @param last whether there are no more
     */
    record Page(List<Change> changes, long upTo, boolean last) {}

    /**
     * Where a chat's log stands.
     *
     * @param seq the number of its latest change
     * @param epoch the data set
     */
    record Head(long seq, String epoch) {}

    private static final byte[] REPLAY_MARK = ",\"replay\":true}".getBytes(StandardCharsets.UTF_8);

    private final Peer messages;
    private final Dataset dataset;
    private final int pageSize;

    Backfill(Peer messages, Dataset dataset, int pageSize) {
        this.messages = messages;
        this.dataset = dataset;
        this.pageSize = pageSize;
    }

    /**
     * Where a chat stands, for a member of it.
     *
     * @throws dev.natter.platform.http.Refused 404 for anyone else, 503 if it can't be known now
     */
    Head head(UUID chatId, UUID userId) {
        var seats = new Internal.Seats(List.of(new Internal.Seat(chatId, userId)));
        Internal.Heads heads = messages.post("/internal/heads", seats, Internal.Heads.class);
        dataset.seen(heads.epoch());
        return heads.heads().stream()
                .findFirst()
                .map(head -> new Head(head.seq(), heads.epoch()))
                .orElseThrow(() -> Problem.notFound("chat").refuse());
    }

    /**
     * Begins to read what changed.
     *
     * @param chatId the chat
     * @param since what the reader holds: a message created after it is new to them
     * @param replay whether to mark the frames as a replay
     */
    Reading since(UUID chatId, long since, boolean replay) {
        return new Reading(chatId, since, replay);
    }

    /** One reader's way through a chat's changes, page by page. Used by one thread. */
    final class Reading {
        private final UUID chatId;
        private final long origin;
        private final boolean replay;
        /** What was told as new: a message that changes while the pages are turned comes again, and isn't new then. */
        private final Set<Long> told = new HashSet<>();

        private long at;

        private Reading(UUID chatId, long since, boolean replay) {
            this.chatId = chatId;
            this.origin = since;
            this.replay = replay;
            this.at = since;
        }

        /**
         * The next page; after the last one, what has changed since.
         *
         * @throws dev.natter.platform.http.Refused 503 if it can't be known now
         */
        Page next() {
            String path = "/internal/chats/" + chatId + "/changes?since=" + at + "&limit=" + pageSize;
            Internal.Changes page = messages.get(path, Internal.Changes.class)
                    .orElseThrow(() -> Problem.unavailable("This chat can't be read right now.")
                            .refuse());
            dataset.seen(page.epoch());
            var changes = new ArrayList<Change>(page.messages().size());
            for (Message message : page.messages()) {
                byte[] json = Json.bytes(event(message));
                changes.add(new Change(message.changedSeq(), Frame.text(replay ? marked(json) : json)));
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
            if (message.seq() > origin && told.add(message.seq())) {
                return new MessageEvent.Created(chatId, seq, at, id, message.createdAt(), message);
            }
            Instant changedAt = message.editedAt() == null ? message.createdAt() : message.editedAt();
            return new MessageEvent.Updated(chatId, seq, at, id, changedAt, message);
        }
    }

    private static byte[] marked(byte[] json) {
        var out = new ByteArrayOutputStream(json.length + REPLAY_MARK.length);
        out.write(json, 0, json.length - 1);
        out.writeBytes(REPLAY_MARK);
        return out.toByteArray();
    }
}
