package dev.natter.chat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Chat.Member;
import dev.natter.contracts.Message;
import dev.natter.platform.db.Database;
import dev.natter.platform.http.Json;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The chats themselves: what their members are shown of {@code chats}, with each chat's head and first members beside
 * it. What is read for a user is read in one statement, so that it is true for the number of their box that is read
 * with it.
 */
final class Chats {
    private static final String DIRECT = """
            SELECT CAST(id AS text) FROM chats
            WHERE direct_low = least(CAST(? AS uuid), CAST(? AS uuid))
              AND direct_high = greatest(CAST(? AS uuid), CAST(? AS uuid))""";

    /** What a {@link Row} is made of, from {@code chats c}, {@code heads h} and {@link #FIRST_MEMBERS}. */
    static final String SHOWN = """
            c.id, c.type, c.title, c.member_count, c.created_at, h.activity, h.seq, h.message,
            first.users, first.roles, first.arrivals""";

    /** Those of {@code chats c}, as arrays: as JSON they cost more to read than all the rest of a list. */
    static final String FIRST_MEMBERS = """

            LEFT JOIN LATERAL (
              SELECT array_agg(user_id) AS users, array_agg(role) AS roles,
                array_agg(CAST(extract(epoch FROM joined_at) * 1000000 AS bigint)) AS arrivals
              FROM (SELECT user_id, role, joined_at FROM members
                    WHERE members.chat_id = c.id ORDER BY place LIMIT\s""" + Chat.MEMBERS_SHOWN + """
            ) AS member) AS first ON true
            """;

    private static final String FIND = """
            SELECT coalesce(box.seq, 0), m.user_seq,\s""" + SHOWN + """

            FROM members m JOIN chats c ON c.id = m.chat_id JOIN heads h ON h.chat_id = m.chat_id
            LEFT JOIN boxes box ON box.user_id = m.user_id""" + FIRST_MEMBERS + """
            WHERE m.user_id = ? AND m.chat_id = ?""";

    private static final String PAGE = """
            SELECT box.seq, h.user_seq,\s""" + SHOWN + """

            FROM (SELECT coalesce(max(seq), 0) AS seq FROM boxes WHERE user_id = ?) AS box
            LEFT JOIN LATERAL (
              SELECT h.*, m.user_seq FROM members m JOIN heads h ON h.chat_id = m.chat_id
              WHERE m.user_id = ? AND (h.activity, h.chat_id) < (?, ?)
              ORDER BY h.activity DESC, h.chat_id DESC LIMIT ?) AS h ON true
            LEFT JOIN chats c ON c.id = h.chat_id""" + FIRST_MEMBERS + """
            ORDER BY h.activity DESC, h.chat_id DESC""";

    private static final String OF_USER = """
            SELECT h.chat_id FROM members m JOIN heads h ON h.chat_id = m.chat_id
            WHERE m.user_id = ? ORDER BY h.activity DESC, h.chat_id DESC LIMIT ?""";

    /**
     * A chat as it is known here, to one of its members.
     *
     * @param id its name
     * @param type direct or group
     * @param title a group's title, or null
     * @param memberCount how many members it has
     * @param createdAt since when
     * @param activity when it was active last
     * @param seq the latest change that was heard of
     * @param head the newest message that was heard of, as JSON, or null
     * @param members the first members, by arrival
     * @param userSeq the number of the chat's latest change in the member's box
     */
    record Row(
            UUID id,
            Chat.Type type,
            String title,
            int memberCount,
            OffsetDateTime createdAt,
            OffsetDateTime activity,
            long seq,
            String head,
            List<Member> members,
            long userSeq) {

        /** Reads what {@link #SHOWN} selects; null if there is no chat. */
        static Row at(ResultSet row, int before, long userSeq) throws SQLException {
            UUID id = row.getObject(before + 1, UUID.class);
            if (id == null) {
                return null;
            }
            return new Row(
                    id,
                    Chat.Type.valueOf(row.getString(before + 2)),
                    row.getString(before + 3),
                    row.getInt(before + 4),
                    row.getObject(before + 5, OffsetDateTime.class),
                    row.getObject(before + 6, OffsetDateTime.class),
                    row.getLong(before + 7),
                    row.getString(before + 8),
                    members(row, before + 9),
                    userSeq);
        }

        private static List<Member> members(ResultSet row, int first) throws SQLException {
            UUID[] users = (UUID[]) row.getArray(first).getArray();
            String[] roles = (String[]) row.getArray(first + 1).getArray();
            Long[] arrivals = (Long[]) row.getArray(first + 2).getArray();
            List<Member> members = new ArrayList<>(users.length);
            for (int place = 0; place < users.length; place++) {
                Instant arrival = Instant.EPOCH.plus(arrivals[place], ChronoUnit.MICROS);
                members.add(new Member(users[place], Chat.Role.valueOf(roles[place]), arrival));
            }
            return members;
        }

        /**
         * The newest message that was heard of, or null; read only for who asks, since message-service knows better.
         */
        Message lastMessage() {
            return head == null ? null : Json.parse(head.getBytes(StandardCharsets.UTF_8), Message.class);
        }
    }

    /**
     * Some of a user's chats.
     *
     * @param userSeq the number that the user's box stood at when they were read
     * @param rows the chats
     */
    record Page(long userSeq, List<Row> rows) {}

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
     * @return a page of it alone, without it both if it isn't there and if the user isn't in it
     */
    Page find(UUID userId, UUID chatId) {
        return database.read(connection -> {
            try (PreparedStatement find = connection.prepareStatement(FIND)) {
                find.setObject(1, userId);
                find.setObject(2, chatId);
                return page(find);
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
    Page page(UUID userId, Cursor after, int limit) {
        return database.read(connection -> {
            try (PreparedStatement page = connection.prepareStatement(PAGE)) {
                page.setObject(1, userId);
                page.setObject(2, userId);
                page.setObject(3, after.activity());
                page.setObject(4, after.chatId());
                page.setInt(5, limit);
                return page(page);
            }
        });
    }

    /**
     * Which chats a user is in, the latest active first.
     *
     * @param userId the user
     * @param limit at most how many
     * @return their ids
     */
    List<UUID> of(UUID userId, int limit) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(OF_USER)) {
                statement.setObject(1, userId);
                statement.setInt(2, limit);
                List<UUID> ids = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        ids.add(row.getObject(1, UUID.class));
                    }
                }
                return ids;
            }
        });
    }

    private static Page page(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            long seq = 0;
            List<Row> rows = new ArrayList<>();
            while (result.next()) {
                seq = result.getLong(1);
                Row row = Row.at(result, 2, result.getLong(2));
                if (row != null) {
                    rows.add(row);
                }
            }
            return new Page(seq, rows);
        }
    }
}
