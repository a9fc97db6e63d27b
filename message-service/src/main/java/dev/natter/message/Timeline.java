package dev.natter.message;

import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.message.Batch.Created;
import dev.natter.platform.db.Columns;
import dev.natter.platform.outbox.Outbox;
import dev.natter.platform.token.SignedUrl;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * The writing side of the log. Plain sends go the {@linkplain ShortWay short way} if they can. All else takes one
 * transaction a batch: {@link Loading} locks the chats' heads and loads what the changes touch, {@link Batch} decides,
 * and what it decided is written here, with its events. Thread-safe, but for a chat one batch after the other.
 */
final class Timeline {
    private static final String INSERT = """
            INSERT INTO message (chat_id, seq, changed_seq, type, sender_id, content, reply_to_seq, files,
                                 client_id, client_hash, created_at, edited_at, deleted_at)
            SELECT chat_id, seq, changed_seq, type, sender_id, content, reply_to_seq, files::jsonb,
                   client_id, client_hash, created_at, edited_at, deleted_at
              FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::text[], ?::uuid[], ?::text[], ?::bigint[], ?::text[],
                          ?::text[], ?::bytea[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[])
                   AS new (chat_id, seq, changed_seq, type, sender_id, content, reply_to_seq, files,
                           client_id, client_hash, created_at, edited_at, deleted_at)""";

    private static final String UPDATE = """
            UPDATE message m
               SET changed_seq = new.changed_seq, content = new.content, files = new.files::jsonb,
                   edited_at = new.edited_at, deleted_at = new.deleted_at
              FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[])
                   AS new (chat_id, seq, changed_seq, content, files, edited_at, deleted_at)
             WHERE m.chat_id = new.chat_id AND m.seq = new.seq""";

    private static final String MOVE_HEADS = """
            UPDATE chat_head h SET seq = new.seq
              FROM unnest(?::uuid[], ?::bigint[]) AS new (chat_id, seq)
             WHERE h.chat_id = new.chat_id""";

    private final Outbox outbox;
    private final SignedUrl signer;
    private final Clock clock;
    private final ShortWay shortWay;

    Timeline(Outbox outbox, SignedUrl signer, Clock clock) {
        this.outbox = outbox;
        this.signer = signer;
        this.clock = clock;
        this.shortWay = new ShortWay(outbox, signer);
    }

    /**
     * Commits a batch.
     *
     * @param changes in the order of their arrival
     * @param told given what became of each, with its place among the changes, as soon as it is true
     */
    void commit(List<Change> changes, ObjIntConsumer<Outcome> told) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<Integer> left = shortWay.commit(changes, now, told);
        if (!left.isEmpty()) {
            longWay(left.stream().map(changes::get).toList(), now, outcomes -> {
                for (int i = 0; i < outcomes.size(); i++) {
                    told.accept(outcomes.get(i), left.get(i));
                }
            });
        }
    }

    private void longWay(List<Change> changes, Instant now, Consumer<List<Outcome>> told) {
        record Decided(Batch batch, List<Outcome> outcomes) {}
        var loading = new Loading(changes);
        outbox.commit(
                transaction -> {
                    var batch = new Batch(loading.under(transaction.connection()), signer, now);
                    List<Outcome> outcomes = changes.stream().map(batch::apply).toList();
                    write(transaction, batch);
                    batch.events().forEach(transaction::emit);
                    return new Decided(batch, outcomes);
                },
                decided -> {
                    shortWay.remember(decided.batch.movedHeads());
                    told.accept(decided.outcomes);
                });
    }

    private static void write(Outbox.Transaction transaction, Batch batch) {
        List<Created> created = batch.created();
        if (!created.isEmpty()) {
            transaction.last(INSERT, columns(created));
        }
        if (!batch.changed().isEmpty()) {
            transaction.last(
                    UPDATE,
                    Columns.of(batch.changed())
                            .uuid(Message::chatId)
                            .bigint(Message::seq)
                            .bigint(Message::changedSeq)
                            .text(Message::content)
                            .text(Rows::files)
                            .time(Message::editedAt)
                            .time(Message::deletedAt));
        }
        if (!batch.movedHeads().isEmpty()) {
            transaction.last(
                    MOVE_HEADS,
                    Columns.of(batch.movedHeads().entrySet())
                            .uuid(Map.Entry::getKey)
                            .bigint(head -> head.getValue().seq()));
        }
    }

    private static Columns<Created> columns(List<Created> created) {
        return Columns.of(created)
                .uuid(each -> each.message().chatId())
                .bigint(each -> each.message().seq())
                .bigint(each -> each.message().changedSeq())
                .text(each -> each.message().type().name())
                .uuid(each -> each.message().senderId())
                .text(each -> each.message().content())
                .bigint(each -> seqOf(each.message().replyToId()))
                .text(each -> Rows.files(each.message()))
                .text(each -> each.message().clientId())
                .bytes(Created::hash)
                .time(each -> each.message().createdAt())
                .time(each -> each.message().editedAt())
                .time(each -> each.message().deletedAt());
    }

    private static Long seqOf(MessageId id) {
        return id == null ? null : id.seq();
    }
}
