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
import java.util.List;
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
    Internal.Head head(UUID chatId, UUID userId) {
        Internal.Head head = messages.get("/internal/chats/" + chatId + "/head?user_id=" + userId, Internal.Head.class)
                .orElseThrow(() -> Problem.notFound("chat").refuse());
        dataset.seen(head.epoch());
        return head;
    }

    /**
     * What changed.
     *
     * @param chatId the chat
     * @param since after which number; also what the first change's {@code prev} is
     * @param origin what the reader held at first: a message created after it is new to them
     * @param replay whether to mark the frames as a replay
     * @throws dev.natter.platform.http.Refused 503 if it can't be known now
     */
    Page changes(UUID chatId, long since, long origin, boolean replay) {
        String path = "/internal/chats/" + chatId + "/changes?since=" + since + "&limit=" + pageSize;
        Internal.Changes page = messages.get(path, Internal.Changes.class)
                .orElseThrow(() -> Problem.unavailable("This chat can't be read right now.")
                        .refuse());
        dataset.seen(page.epoch());
        var changes = new ArrayList<Change>(page.messages().size());
        long prev = since;
        for (Message message : page.messages()) {
            byte[] json = Json.bytes(event(message, prev, origin));
            changes.add(new Change(message.changedSeq(), Frame.text(replay ? marked(json) : json)));
            prev = message.changedSeq();
        }
        return new Page(changes, page.more() ? prev : Math.max(prev, page.seq()), !page.more());
    }

    private static MessageEvent event(Message message, long prev, long origin) {
        UUID chatId = message.chatId();
        long seq = message.changedSeq();
        String id = chatId + "." + seq;
        if (message.deletedAt() != null) {
            return new MessageEvent.Deleted(chatId, seq, prev, id, message.deletedAt(), message.id());
        }
        if (message.seq() > origin) {
            return new MessageEvent.Created(chatId, seq, prev, id, message.createdAt(), message);
        }
        Instant at = message.editedAt() == null ? message.createdAt() : message.editedAt();
        return new MessageEvent.Updated(chatId, seq, prev, id, at, message);
    }

    private static byte[] marked(byte[] json) {
        var out = new ByteArrayOutputStream(json.length + REPLAY_MARK.length);
        out.write(json, 0, json.length - 1);
        out.writeBytes(REPLAY_MARK);
        return out.toByteArray();
    }
}
