package dev.natter.chat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Chat.Member;
import dev.natter.contracts.Internal.Membership;
import dev.natter.platform.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Who is in which chat, as what: all SQL of the table {@code members}. */
final class Members {
    private static final String INSERT = """
            INSERT INTO members (chat_id, place, user_id, role, joined_at)
            SELECT ?, place - 1, user_id, role, ?
            FROM unnest(?::uuid[], ?::text[]) WITH ORDINALITY AS arriving (user_id, role, place)""";

    private static final String FIRST = """
            SELECT m.user_id, m.role, m.joined_at, m.chat_id
            FROM unnest(?::uuid[]) AS page (chat_id)
            CROSS JOIN LATERAL (
              SELECT * FROM members WHERE members.chat_id = page.chat_id ORDER BY place LIMIT ?) m
            ORDER BY m.chat_id, m.place""";

    private static final String OF_CHAT = """
            SELECT m.user_id, m.role, m.joined_at, c.version
            FROM chats c JOIN members m ON m.chat_id = c.id WHERE c.id = ? ORDER BY m.place""";

    private final Database database;

    Members(Database database) {
        this.database = database;
    }

    /**
     * Lets the first members into a new chat, all at once.
     *
     * @param connection the transaction's
     * @param chatId the chat
     * @param members all of them, in order
     */
    void insert(Connection connection, UUID chatId, List<Member> members) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, chatId);
            insert.setObject(2, members.getFirst().joinedAt().atOffset(ZoneOffset.UTC));
            insert.setArray(
                    3,
                    connection.createArrayOf(
                            "uuid", members.stream().map(Member::userId).toArray()));
            insert.setArray(
                    4,
                    connection.createArrayOf(
                            "text",
                            members.stream().map(member -> member.role().name()).toArray()));
            insert.executeUpdate();
        }
    }

    /**
     * The first few members of some chats.
     *
     * @param chatIds the chats
     * @return by chat, in order of arrival
     */
    Map<UUID, List<Member>> first(Collection<UUID> chatIds) {
        return database.read(connection -> {
            try (PreparedStatement first = connection.prepareStatement(FIRST)) {
                first.setArray(1, connection.createArrayOf("uuid", chatIds.toArray()));
                first.setInt(2, Chat.MEMBERS_SHOWN);
                Map<UUID, List<Member>> members = new HashMap<>();
                try (ResultSet row = first.executeQuery()) {
                    while (row.next()) {
                        members.computeIfAbsent(row.getObject(4, UUID.class), _ -> new ArrayList<>())
                                .add(member(row));
                    }
                }
                return members;
            }
        });
    }

    /**
     * Everyone in a chat, and the version that this is true for: one statement, so one snapshot.
     *
     * @param chatId the chat
     * @return its membership, or empty if there is no such chat
     */
    Optional<Membership> of(UUID chatId) {
        return database.read(connection -> {
            try (PreparedStatement all = connection.prepareStatement(OF_CHAT)) {
                all.setObject(1, chatId);
                try (ResultSet row = all.executeQuery()) {
                    long version = 0;
                    List<Member> members = new ArrayList<>();
                    while (row.next()) {
                        members.add(member(row));
                        version = row.getLong(4);
                    }
                    return members.isEmpty() ? Optional.empty() : Optional.of(new Membership(chatId, version, members));
                }
            }
        });
    }

    private static Member member(ResultSet row) throws SQLException {
        return new Member(
                row.getObject(1, UUID.class),
                Chat.Role.valueOf(row.getString(2)),
                row.getObject(3, OffsetDateTime.class).toInstant());
    }
}
