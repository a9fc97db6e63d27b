package dev.natter.message;

import dev.natter.contracts.Internal.Changes;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.platform.db.Database;
import dev.natter.platform.token.SignedUrl;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
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
     * @param messages the messages
     * @param older whether there are older ones
     * @param newer whether there are newer ones
     */
    record Page(List<Message> messages, boolean older, boolean newer) {}

    private static final String BELOW =
            "SELECT " + Rows.COLUMNS + " FROM message m WHERE m.chat_id = ? AND m.seq < ? ORDER BY m.seq DESC LIMIT ?";

    private static final String ABOVE =
            "SELECT " + Rows.COLUMNS + " FROM message m WHERE m.chat_id = ? AND m.seq > ? ORDER BY m.seq LIMIT ?";

    private static final String ONE = "SELECT " + Rows.COLUMNS + " FROM message m WHERE m.chat_id = ? AND m.seq = ?";

    /** Head and changes from one snapshot: no change can slip in between. */
    private static final String CHANGES = "SELECT " + Rows.COLUMNS + """
            , h.seq AS head
              FROM chat_head h
              LEFT JOIN LATERAL (SELECT * FROM message WHERE chat_id = h.chat_id AND changed_seq > ? ORDER BY changed_seq LIMIT ?) m ON true
             WHERE h.chat_id = ?
             ORDER BY m.changed_seq""";

    private static final String EPOCH = "SELECT epoch FROM dataset";

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

    Optional<Message> message(MessageId id) {
        return query(ONE, id.chatId(), id.seq()).stream().findFirst();
    }

    Page latest(UUID chatId, int limit) {
        Page page = before(chatId, Long.MAX_VALUE, limit);
        return new Page(page.messages, page.older, false);
    }

    Page before(UUID chatId, long seq, int limit) {
        List<Message> found = query(BELOW, chatId, seq, limit + 1);
        boolean more = found.size() > limit;
        return new Page((more ? found.subList(0, limit) : found).reversed(), more, true);
    }

    Page after(UUID chatId, long seq, int limit) {
        List<Message> found = query(ABOVE, chatId, seq, limit + 1);
        boolean more = found.size() > limit;
        return new Page(more ? found.subList(0, limit) : found, true, more);
    }

    /** The message with this number in the middle, if the chat has it, else where it would be. */
    Page around(UUID chatId, long seq, int limit) {
        Page below = before(chatId, seq, limit / 2);
        Page above = after(chatId, seq - 1, limit - limit / 2);
        List<Message> both = new ArrayList<>(below.messages);
        both.addAll(above.messages);
        return new Page(both, below.older, above.newer);
    }

    /** Every message that changed after {@code since}, in its current state, by {@code changed_seq}. */
    Changes changes(UUID chatId, long since, int limit) {
        // Before there is a connection: whoever holds one must not wait for another.
        String dataset = epoch();
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(CHANGES)) {
                statement.setLong(1, since);
                statement.setInt(2, limit + 1);
                statement.setObject(3, chatId);
                try (ResultSet row = statement.executeQuery()) {
                    long head = 0;
                    List<Message> found = new ArrayList<>();
                    while (row.next()) {
                        head = row.getLong(AFTER_COLUMNS);
                        if (row.getObject(1) != null) {
                            found.add(Rows.read(row).withFileUrls(signer::sign));
                        }
                    }
                    boolean more = found.size() > limit;
                    return new Changes(chatId, head, dataset, more ? found.subList(0, limit) : found, more);
                }
            }
        });
    }

    private List<Message> query(String sql, UUID chatId, long seq, int... limit) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, chatId);
                statement.setLong(2, seq);
                if (limit.length == 1) {
                    statement.setInt(3, limit[0]);
                }
                return read(statement);
            }
        });
    }

    private List<Message> read(PreparedStatement statement) throws SQLException {
        List<Message> messages = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                messages.add(Rows.read(row).withFileUrls(signer::sign));
            }
        }
        return messages;
    }
}
