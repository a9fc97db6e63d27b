package dev.natter.chat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Chat.Member;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A chat that no other transaction can change until this one ends: all SQL that writes {@code chats}.
 *
 * @param id its name
 * @param type direct or group
 * @param title a group's title, or null
 * @param memberCount how many members it has
 * @param version of what chat events tell
 */
record LockedChat(UUID id, Chat.Type type, String title, int memberCount, long version) {
    // A direct chat of the same two that is being created at this moment makes this wait, and then insert nothing.
    private static final String INSERT = """
            INSERT INTO chats (id, type, title, direct_low, direct_high, member_count, version, created_at)
            VALUES (?, ?, ?, least(?::uuid, ?::uuid), greatest(?::uuid, ?::uuid), ?, 1, ?)
            ON CONFLICT (direct_low, direct_high) DO NOTHING""";

    private static final String INSERT_HEAD = "INSERT INTO heads (chat_id, activity) VALUES (?, ?)";

    // Who isn't in the chat gets no lock, and can't make those wait who are. Nobody's role is read here: while the lock
    // was waited for it may have changed, and this statement would still see the old one.
    private static final String LOCK = """
            SELECT type, title, member_count, version FROM chats
            WHERE id = ? AND EXISTS (SELECT FROM members WHERE chat_id = ? AND user_id = ?)
            FOR NO KEY UPDATE""";

    private static final String UPDATE =
            "UPDATE chats SET title = ?, member_count = ?, version = ?, changed_at = ? WHERE id = ?";

    private static final String DELETE_HEAD = "DELETE FROM heads WHERE chat_id = ?";

    private static final String DELETE = "DELETE FROM chats WHERE id = ?";

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
    static boolean insert(
            Connection connection, UUID id, Chat.Type type, String title, List<Member> members, Instant at)
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

    /**
     * Locks a chat for one of its members.
     *
     * @param connection the transaction's
     * @param chatId the chat
     * @param userId the member
     * @return the chat, or empty both if it isn't there and if the user isn't in it
     */
    static Optional<LockedChat> lock(Connection connection, UUID chatId, UUID userId) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setObject(1, chatId);
            lock.setObject(2, chatId);
            lock.setObject(3, userId);
            try (ResultSet row = lock.executeQuery()) {
                return row.next()
                        ? Optional.of(new LockedChat(
                                chatId,
                                Chat.Type.valueOf(row.getString(1)),
                                row.getString(2),
                                row.getInt(3),
                                row.getLong(4)))
                        : Optional.empty();
            }
        }
    }

    /** The same chat after its next change. */
    LockedChat next(String newTitle, int newMemberCount) {
        return new LockedChat(id, type, newTitle, newMemberCount, version + 1);
    }

    /** Writes it as it is from now on. */
    void update(Connection connection, OffsetDateTime at) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            update.setString(1, title);
            update.setInt(2, memberCount);
            update.setLong(3, version);
            update.setObject(4, at);
            update.setObject(5, id);
            update.executeUpdate();
        }
    }

    /** Takes it away, when nobody is in it any more. */
    void delete(Connection connection) throws SQLException {
        try (PreparedStatement head = connection.prepareStatement(DELETE_HEAD);
                PreparedStatement chat = connection.prepareStatement(DELETE)) {
            head.setObject(1, id);
            head.executeUpdate();
            chat.setObject(1, id);
            chat.executeUpdate();
        }
    }
}
