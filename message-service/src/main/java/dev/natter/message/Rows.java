package dev.natter.message;

import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.platform.http.Json;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/** How a message lies in its table. File addresses lie there as plain paths; they are signed on the way out. */
final class Rows {
    static final String COLUMNS = """
            m.chat_id, m.seq, m.changed_seq, m.type, m.sender_id, m.content, m.reply_to_seq, m.files, m.client_id, \
            m.created_at, m.edited_at, m.deleted_at""";

    private Rows() {}

    /** Reads the {@link #COLUMNS}, which must be the query's first. */
    static Message read(ResultSet row) throws SQLException {
        UUID chatId = row.getObject(1, UUID.class);
        long seq = row.getLong(2);
        long replyTo = row.getLong(7);
        return new Message(
                new MessageId(chatId, seq),
                chatId,
                seq,
                row.getLong(3),
                Message.Type.valueOf(row.getString(4)),
                row.getObject(5, UUID.class),
                row.getString(6),
                replyTo == 0 ? null : new MessageId(chatId, replyTo),
                files(row.getString(8)),
                row.getString(9),
                time(row, 10),
                time(row, 11),
                time(row, 12));
    }

    /** What {@link #read} will find in the column {@code files}; null for none, the common case. */
    static String files(Message message) {
        return message.files().isEmpty() ? null : new String(Json.bytes(message.files()), StandardCharsets.UTF_8);
    }

    /** What {@link #files(Message)} has stored. */
    static List<FileInfo> files(String json) {
        return json == null ? List.of() : List.of(Json.parse(json.getBytes(StandardCharsets.UTF_8), FileInfo[].class));
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
