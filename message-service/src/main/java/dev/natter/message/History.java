package dev.natter.message;

import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.platform.db.Database;
import dev.natter.platform.token.SignedUrl;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The reading side of the log, and all of its SQL: one range of one index each. Doesn't ask who is reading.
 * Thread-safe.
 */
final class History {
    /**
     * Some messages, oldest first.
     *
     * @param json all of them, an array in UTF-8
     * @param oldest the number of the first; 0 if there is none
     * @param newest the number of the last; 0 if there is none
     * @param older whether there are older ones, if it was looked for such
     * @param newer whether there are newer ones, if it was looked for such
     */
    record Page(byte[] json, long oldest, long newest, boolean older, boolean newer) {}

    /**
     * Both bounds are given although one would do: without the other PostgreSQL takes the range for a third of the
     * chat, and plans anew for every page what it could have kept, which is half of what a page costs it.
     */
    private static final String WINDOW =
            "SELECT " + Rows.COLUMNS + " FROM message m WHERE m.chat_id = ? AND m.seq BETWEEN ? AND ? ORDER BY m.seq";

    private static final String NEWEST_FIRST = WINDOW + " DESC LIMIT ?";
    private static final String OLDEST_FIRST = WINDOW + " LIMIT ?";

    private static final String ONE = "SELECT " + Rows.COLUMNS + " FROM message m WHERE m.chat_id = ? AND m.seq = ?";

    /** Head and changes from one snapshot: no change can slip in between. For the second bound see the window's. */
    private static final String CHANGES = "SELECT " + Rows.COLUMNS + """
            , h.seq AS head
              FROM chat_head h
              LEFT JOIN LATERAL (SELECT * FROM message
                                  WHERE chat_id = h.chat_id AND changed_seq > ? AND changed_seq <= h.seq
                                  ORDER BY changed_seq LIMIT ?) m ON true
             WHERE h.chat_id = ?
             ORDER BY m.changed_seq""";

    private static final String EPOCH = "SELECT epoch FROM dataset";

    /** No message has a smaller number. */
    private static final long FIRST = 1;

    /** Nor a greater one. */
    private static final long LAST = Long.MAX_VALUE;

    private static final int SEQ = 2;
    private static final int AFTER_COLUMNS = 13;

    private final Database database;
    private final SignedUrl signer;
    private volatile String epoch;

    History(Database database, SignedUrl signer) {
        this.database = database;
        this.signer = signer;
    }

    /** The name of the data set. It doesn't change while the service runs: a restore happens with it stopped. */
    String epoch() {
        if (epoch == null) {
            epoch = database.read(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(EPOCH);
                        ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getString(1);
                }
            });
        }
        return epoch;
    }

    /**
     * Names the state of a chat's log, and so that of every page of it: each change takes a number, and files'
     * addresses are others once they are signed anew.
     */
    String tag(long seq) {
        return "\"" + seq + "-" + signer.expiry() + "-" + epoch() + "\"";
    }

    Reading<Optional<Message>> message(MessageId id) {
        return new Reading<>(ONE, List.of(id.chatId(), id.seq()), results -> {
            ResultSet row = results.getResultSet();
            return row.next() ? Optional.of(Rows.read(row).withFileUrls(signer::sign)) : Optional.empty();
        });
    }

    /** The messages before a number, the nearest ones. */
    Reading<Page> before(UUID chatId, long seq, int limit) {
        return new Reading<>(NEWEST_FIRST, List.of(chatId, FIRST, seq - 1, limit + 1), results -> {
            var draft = new Draft(chatId);
            draft.newestFirst(results.getResultSet(), limit);
            return draft.page();
        });
    }

    /** The messages after a number, the nearest ones. */
    Reading<Page> after(UUID chatId, long seq, int limit) {
        return new Reading<>(OLDEST_FIRST, List.of(chatId, seq + 1, LAST, limit + 1), results -> {
            var draft = new Draft(chatId);
            draft.oldestFirst(results.getResultSet(), limit);
            return draft.page();
        });
    }

    /** The message with this number in the middle, if the chat has it, else where it would be. */
    Reading<Page> around(UUID chatId, long seq, int limit) {
        int below = limit / 2;
        int above = limit - below;
        return new Reading<>(
                NEWEST_FIRST + ";\n" + OLDEST_FIRST,
                List.of(chatId, FIRST, seq - 1, below + 1, chatId, seq, LAST, above + 1),
                results -> {
                    var draft = new Draft(chatId);
                    draft.newestFirst(results.getResultSet(), below);
                    results.getMoreResults();
                    draft.oldestFirst(results.getResultSet(), above);
                    return draft.page();
                });
    }

    /**
     * Every message that changed after {@code since}, in its current state, by {@code changed_seq}: as JSON, an
     * {@link dev.natter.contracts.Internal.Changes}.
     */
    Reading<byte[]> changes(UUID chatId, long since, int limit) {
        // Before there is a connection: whoever holds one must not wait for another.
        String dataset = epoch();
        return new Reading<>(CHANGES, List.of(since, limit + 1, chatId), results -> {
            ResultSet row = results.getResultSet();
            boolean any = row.next();
            var writer = new MessageWriter(chatId, signer);
            long head = any ? row.getLong(AFTER_COLUMNS) : 0;
            writer.raw("{\"chat_id\":\"" + chatId + "\",\"seq\":" + head + ",\"epoch\":\"" + dataset
                    + "\",\"messages\":[");
            boolean more = any && row.getObject(1) != null;
            for (int written = 0; more && written < limit; written++) {
                writer.message(row);
                more = row.next();
            }
            writer.raw("],\"more\":" + more + "}");
            return writer.done();
        });
    }

    /** Asks without a question before. */
    <T> T read(Reading<T> reading) {
        return database.read(reading::on);
    }

    /** A page that is being written. One row beyond the limit only tells that there are more. */
    private final class Draft {
        private final MessageWriter writer;
        private long oldest;
        private long newest;
        private boolean older;
        private boolean newer;

        Draft(UUID chatId) {
            writer = new MessageWriter(chatId, signer).raw("[");
        }

        void newestFirst(ResultSet rows, int limit) throws SQLException {
            older = rows.absolute(limit + 1);
            if (!older) {
                rows.afterLast();
            }
            while (rows.previous()) {
                add(rows);
            }
        }

        void oldestFirst(ResultSet rows, int limit) throws SQLException {
            while (rows.getRow() < limit && rows.next()) {
                add(rows);
            }
            newer = rows.next();
        }

        private void add(ResultSet row) throws SQLException {
            writer.message(row);
            newest = row.getLong(SEQ);
            oldest = oldest == 0 ? newest : oldest;
        }

        Page page() {
            return new Page(writer.raw("]").done(), oldest, newest, older, newer);
        }
    }
}
