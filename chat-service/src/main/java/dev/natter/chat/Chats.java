package dev.natter.chat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Chat.Member;
import dev.natter.contracts.Message;
import dev.natter.platform.db.Database;
import dev.natter.platform.http.Json;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The chats themselves: all SQL of the table {@code chats}, with each chat's head beside it. */
final class Chats {
    private static final String DIRECT = """
            SELECT CAST(id AS text) FROM chats
            WHERE direct_low = least(CAST(? AS uuid), CAST(? AS uuid))
              AND direct_high = greatest(CAST(? AS uuid), CAST(? AS uuid))""";

    private static final String FIND = """
            SELECT c.id, c.type, c.title, c.member_count, c.created_at, h.activity, h.seq, h.message
            FROM members m JOIN chats c ON c.id = m.chat_id JOIN heads h ON h.chat_id = m.chat_id
            WHERE m.user_id = ? AND m.chat_id = ?""";

    private static final String PAGE = """
            SELECT c.id, c.type, c.title, c.member_count, c.created_at, h.activity, h.seq, h.message
            FROM (SELECT h.* FROM members m JOIN heads h ON h.chat_id = m.chat_id
                  WHERE m.user_id = ? AND (h.activity, h.chat_id) < (?, ?)
                  ORDER BY h.activity DESC, h.chat_id DESC LIMIT ?) h
            JOIN chats c ON c.id = h.chat_id
            ORDER BY h.activity DESC, h.chat_id DESC""";

    // A direct chat of the same two that is being created at this moment makes this wait, and then insert nothing.
    private static final String INSERT = """
            INSERT INTO chats (id, type, title, direct_low, direct_high, member_count, version, created_at)
            VALUES (?, ?, ?, least(?::uuid, ?::uuid), greatest(?::uuid, ?::uuid), ?, 1, ?)
            ON CONFLICT (direct_low, direct_high) DO NOTHING""";

    private static final String INSERT_HEAD = "INSERT INTO heads (chat_id, activity) VALUES (?, ?)";

    /**
     * A chat as it is known here.
     *
     * @param id its name
     * @param type direct or group
     * @param title a group's title, or null
     * @param memberCount how many members it has
     * @param createdAt since when
     * @param activity when it was active last
     * @param seq the latest change that was heard of
     * @param lastMessage the newest message that was heard of, or null
     */
    record Row(
            UUID id,
            Chat.Type type,
            String title,
            int memberCount,
            OffsetDateTime createdAt,
            OffsetDateTime activity,
            long seq,
            Message lastMessage) {

        private static Row from(ResultSet row) throws SQLException {
            String message = row.getString(8);
            return new Row(
                    row.getObject(1, UUID.class),
                    Chat.Type.valueOf(row.getString(2)),
                    row.getString(3),
                    row.getInt(4),
                    row.getObject(5, OffsetDateTime.class),
                    row.getObject(6, OffsetDateTime.class),
                    row.getLong(7),
                    message == null ? null : Json.parse(message.getBytes(StandardCharsets.UTF_8), Message.class));
        }
    }

    private final Database database;

    Chats(Database database) {
        this.database = database;
    }

    /**
     * The direct chat of two.
     *
     * @param one one of them
     * @param other the other
     * @return the chat, or empty if there is none yet
     */
    Optional<UUID> direct(UUID one, UUID other) {
        String a = one.toString();
        String b = other.toString();
        return database.client()
                .execute()
                .createNamedGet("chat.direct", DIRECT)
                .addParam(a)
                .addParam(b)
                .addParam(a)
                .addParam(b)
                .execute()
                .map(row -> UUID.fromString(row.column(1).getString()));
    }

    /**
     * A chat, if the user is in it.
     *
     * @param userId the user
     * @param chatId the chat
     * @return the chat, or empty both for one that isn't there and for one the user isn't in
     */
    Optional<Row> find(UUID userId, UUID chatId) {
        return database.read(connection -> {
            try (PreparedStatement find = connection.prepareStatement(FIND)) {
                find.setObject(1, userId);
                find.setObject(2, chatId);
                return rows(find).stream().findFirst();
            }
        });
    }

    /**
     * A user's chats, the latest active first.
     *
     * @param userId the user
     * @param after where to begin
     * @param limit at most how many
     * @return the chats
     */
    List<Row> page(UUID userId, Cursor after, int limit) {
        return database.read(connection -> {
            try (PreparedStatement page = connection.prepareStatement(PAGE)) {
                page.setObject(1, userId);
                page.setObject(2, after.activity());
                page.setObject(3, after.chatId());
                page.setInt(4, limit);
                return rows(page);
            }
        });
    }

    /**
     * Writes a new chat and its empty head.
     *
     * @param connection the transaction's
     * @param id its name
     * @param type direct or group
     * @param title a group's title, or null
     * @param members everyone in it; written by {@link Members}
     * @param at when it is created
     * @return whether it is new; false if the two of a direct chat have one already
     */
    boolean insert(Connection connection, UUID id, Chat.Type type, String title, List<Member> members, Instant at)
            throws SQLException {
        boolean direct = type == Chat.Type.direct;
        UUID one = direct ? members.getFirst().userId() : null;
        UUID other = direct ? members.getLast().userId() : null;
        OffsetDateTime createdAt = at.atOffset(ZoneOffset.UTC);
        try (PreparedStatement insert = connection.prepareStatement(INSERT);
                PreparedStatement head = connection.prepareStatement(INSERT_HEAD)) {
            insert.setObject(1, id);
            insert.setString(2, type.name());
            insert.setString(3, title);
            insert.setObject(4, one);
            insert.setObject(5, other);
            insert.setObject(6, one);
            insert.setObject(7, other);
            insert.setInt(8, members.size());
            insert.setObject(9, createdAt);
            if (insert.executeUpdate() == 0) {
                return false;
            }
            head.setObject(1, id);
            head.setObject(2, createdAt);
            head.executeUpdate();
            return true;
        }
    }

    private static List<Row> rows(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            List<Row> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(Row.from(result));
            }
            return rows;
        }
    }
}
