package dev.natter.message;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.platform.db.Database;
import dev.natter.platform.token.SignedUrl;
import java.sql.Connection;
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

    /** On which side of a window's bound its messages are. */
    enum Side {
        /** Before it, the nearest ones. */
        BEFORE,
        /** After it, the nearest ones. */
        AFTER,
        /** On both, with the message that has this number in the middle, if the chat has it. */
        AROUND
    }

    /**
     * Which messages somebody wants to see.
     *
     * @param chatId the chat
     * @param side where they are
     * @param bound a number
     * @param limit how many at most
     */
    record Window(UUID chatId, Side side, long bound, int limit) {}

    /**
     * A window of a log as it stood at a number: each change takes a number, and files' addresses are others once they
     * are signed anew.
     */
    private record State(Window window, long seq, long expiry) {}

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

    /** Bytes that keeping a page takes beside its text. */
    private static final int OVERHEAD = 200;

    private static final int SEQ = 2;
    private static final int AFTER_COLUMNS = 13;

    private final Database database;
    private final SignedUrl signer;
    private volatile String epoch;

    /** Pages that were read lately, by what they are true for: an eighth of the memory at most. */
    private final Cache<State, Page> pages = Caffeine.newBuilder()
            .maximumWeight(Runtime.getRuntime().maxMemory() / 8)
            .weigher((State _, Page page) -> OVERHEAD + page.json().length)
            .build();

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
     * Names the state of a chat's log, and so that of every page of it.
     *
     * @param dataset its {@link #epoch}
     * @param seq the chat's number
     */
    String tag(String dataset, long seq) {
        return "\"" + seq + "-" + signer.expiry() + "-" + dataset + "\"";
    }

    Optional<Message> message(Connection connection, MessageId id) throws SQLException {
        return rows(
                connection,
                ONE,
                List.of(id.chatId(), id.seq()),
                row -> row.next() ? Optional.of(Rows.read(row).withFileUrls(signer::sign)) : Optional.empty());
    }

    /**
     * A page, from memory if the log stood there when it was read before: what everyone who opens a chat sees is read
     * once for all.
     *
     * @param seq the chat's number, read before. What a page shows beyond it comes again to whoever joins since it, and
     *     is known by its seq
     */
    Page page(Connection connection, Window window, long seq) throws SQLException {
        State state = new State(window, seq, signer.expiry());
        Page page = pages.getIfPresent(state);
        if (page == null) {
            page = read(connection, window);
            pages.put(state, page);
        }
        return page;
    }

    private Page read(Connection connection, Window window) throws SQLException {
        UUID chatId = window.chatId();
        long bound = window.bound();
        int limit = window.limit();
        var draft = new Draft(chatId);
        switch (window.side()) {
            case BEFORE -> newestFirst(connection, draft, chatId, bound - 1, limit);
            case AFTER -> oldestFirst(connection, draft, chatId, bound + 1, limit);
            case AROUND -> {
                newestFirst(connection, draft, chatId, bound - 1, limit / 2);
                oldestFirst(connection, draft, chatId, bound, limit - limit / 2);
            }
        }
        return draft.page();
    }

    private static void newestFirst(Connection connection, Draft draft, UUID chatId, long last, int limit)
            throws SQLException {
        rows(connection, NEWEST_FIRST, List.of(chatId, FIRST, last, limit + 1), rows -> draft.newestFirst(rows, limit));
    }

    private static void oldestFirst(Connection connection, Draft draft, UUID chatId, long first, int limit)
            throws SQLException {
        rows(connection, OLDEST_FIRST, List.of(chatId, first, LAST, limit + 1), rows -> draft.oldestFirst(rows, limit));
    }

    /**
     * Every message that changed after {@code since}, in its current state, by {@code changed_seq}: as JSON, an
     * {@link dev.natter.contracts.Internal.Changes}.
     *
     * @param dataset its {@link #epoch}
     */
    byte[] changes(Connection connection, String dataset, UUID chatId, long since, int limit) throws SQLException {
        return rows(connection, CHANGES, List.of(since, limit + 1, chatId), row -> {
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

    /** The same for whoever needn't be let in. */
    byte[] changes(UUID chatId, long since, int limit) {
        String dataset = epoch();
        return database.read(connection -> changes(connection, dataset, chatId, since, limit));
    }

    /** What is made of some rows. */
    @FunctionalInterface
    private interface Answer<T> {
        T from(ResultSet rows) throws SQLException;
    }

    private static <T> T rows(Connection connection, String sql, List<Object> parameters, Answer<T> answer)
            throws SQLException {
        // All rows are here before the first is looked at, so that scrolling costs nothing.
        try (PreparedStatement statement =
                connection.prepareStatement(sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            for (int at = 0; at < parameters.size(); at++) {
                statement.setObject(at + 1, parameters.get(at));
            }
            try (ResultSet rows = statement.executeQuery()) {
                return answer.from(rows);
            }
        }
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

        Draft newestFirst(ResultSet rows, int limit) throws SQLException {
            older = rows.absolute(limit + 1);
            if (!older) {
                rows.afterLast();
            }
            while (rows.previous()) {
                add(rows);
            }
            return this;
        }

        Draft oldestFirst(ResultSet rows, int limit) throws SQLException {
            while (rows.getRow() < limit && rows.next()) {
                add(rows);
            }
            newer = rows.next();
            return this;
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
