package dev.natter.chat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Chat.Member;
import dev.natter.contracts.Chat.Role;
import dev.natter.contracts.Internal.Circle;
import dev.natter.contracts.Internal.Membership;
import dev.natter.contracts.Internal.Seat;
import dev.natter.platform.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Who is in which chat, as what: all SQL of the table {@code members}, but for its numbers of {@link Boxes}. */
final class Members {
    private static final String INSERT = """
            INSERT INTO members (chat_id, place, user_id, role, joined_at)
            SELECT ?, (SELECT coalesce(max(place), -1) FROM members WHERE chat_id = ?) + arriving.place, user_id, role, ?
            FROM unnest(?::uuid[], ?::text[]) WITH ORDINALITY AS arriving (user_id, role, place)""";

    private static final String SOME = """
            SELECT user_id, role, joined_at FROM members
            WHERE chat_id = ? AND user_id = ANY (?::uuid[]) ORDER BY place""";

    private static final String STANDING = """
            SELECT c.type, m.role FROM members m JOIN chats c ON c.id = m.chat_id
            WHERE m.chat_id = ? AND m.user_id = ?""";

    private static final String OWNERS = "SELECT count(*) FROM members WHERE chat_id = ? AND role = 'owner'";

    private static final String APPOINT = "UPDATE members SET role = ? WHERE chat_id = ? AND user_id = ?";

    private static final String PAGE = """
            SELECT m.user_id, m.role, m.joined_at, m.place
            FROM members me LEFT JOIN LATERAL (
              SELECT * FROM members WHERE chat_id = me.chat_id AND place > ? ORDER BY place LIMIT ?) AS m ON true
            WHERE me.chat_id = ? AND me.user_id = ? ORDER BY m.place""";

    private static final String OF_CHAT = """
            SELECT m.user_id, m.role, m.joined_at, c.version
            FROM chats c JOIN members m ON m.chat_id = c.id WHERE c.id = ? ORDER BY m.place""";

    private static final String TAKEN = """
            SELECT chat_id, user_id FROM unnest(?::uuid[], ?::uuid[]) AS seat (chat_id, user_id)
            JOIN members USING (chat_id, user_id)""";

    private static final String ACQUAINTED = """
            SELECT DISTINCT other.id FROM unnest(?::uuid[]) AS other (id)
            WHERE EXISTS (
              SELECT FROM members mine JOIN members theirs USING (chat_id)
              WHERE mine.user_id = ? AND theirs.user_id = other.id)""";

    private static final String CIRCLES = """
            SELECT c.id, c.version, array_agg(m.user_id) FROM chats c JOIN members m ON m.chat_id = c.id
            WHERE c.id = ANY (?::uuid[]) AND c.member_count <= ? GROUP BY c.id""";

    /**
     * What somebody is in a chat.
     *
     * @param type what kind of chat it is
     * @param role their role
     */
    record Standing(Chat.Type type, Role role) {}

    /**
     * Some members of a chat.
     *
     * @param members by arrival
     * @param last the place of the last one
     * @param more whether there are others after them
     */
    record Page(List<Member> members, long last, boolean more) {}

    private final Database database;

    Members(Database database) {
        this.database = database;
    }

    /**
     * Lets members into a chat, all at once, after those who are there.
     *
     * @param connection the transaction's, which has locked the chat
     * @param chatId the chat
     * @param members who arrives, in order; at least one
     */
    static void insert(Connection connection, UUID chatId, List<Member> members) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, chatId);
            insert.setObject(2, chatId);
            insert.setObject(3, members.getFirst().joinedAt().atOffset(ZoneOffset.UTC));
            insert.setArray(
                    4,
                    connection.createArrayOf(
                            "uuid", members.stream().map(Member::userId).toArray()));
            insert.setArray(
                    5,
                    connection.createArrayOf(
                            "text",
                            members.stream().map(member -> member.role().name()).toArray()));
            insert.executeUpdate();
        }
    }

    /** Those of some users who are in a chat, by arrival. */
    static List<Member> some(Connection connection, UUID chatId, Collection<UUID> userIds) throws SQLException {
        try (PreparedStatement some = connection.prepareStatement(SOME)) {
            some.setObject(1, chatId);
            some.setArray(2, connection.createArrayOf("uuid", userIds.toArray()));
            List<Member> members = new ArrayList<>();
            try (ResultSet row = some.executeQuery()) {
                while (row.next()) {
                    members.add(member(row));
                }
            }
            return members;
        }
    }

    /** How many owners a chat has. */
    static int owners(Connection connection, UUID chatId) throws SQLException {
        try (PreparedStatement owners = connection.prepareStatement(OWNERS)) {
            owners.setObject(1, chatId);
            try (ResultSet row = owners.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** Gives a member of a locked chat another role. */
    static void appoint(Connection connection, UUID chatId, UUID userId, Role role) throws SQLException {
        try (PreparedStatement appoint = connection.prepareStatement(APPOINT)) {
            appoint.setString(1, role.name());
            appoint.setObject(2, chatId);
            appoint.setObject(3, userId);
            appoint.executeUpdate();
        }
    }

    /**
     * What a user is in a chat.
     *
     * @param chatId the chat
     * @param userId the user
     * @return their role there, or empty if they aren't in it
     */
    Optional<Standing> standing(UUID chatId, UUID userId) {
        return database.read(connection -> {
            try (PreparedStatement standing = connection.prepareStatement(STANDING)) {
                standing.setObject(1, chatId);
                standing.setObject(2, userId);
                try (ResultSet row = standing.executeQuery()) {
                    return row.next()
                            ? Optional.of(
                                    new Standing(Chat.Type.valueOf(row.getString(1)), Role.valueOf(row.getString(2))))
                            : Optional.empty();
                }
            }
        });
    }

    /**
     * Members of a chat, by arrival, as one of them sees it.
     *
     * @param chatId the chat
     * @param userId who looks
     * @param after the place after which to begin
     * @param limit at most how many
     * @return the members, or empty if the user isn't one of them
     */
    Optional<Page> page(UUID chatId, UUID userId, long after, int limit) {
        return database.read(connection -> {
            try (PreparedStatement page = connection.prepareStatement(PAGE)) {
                page.setLong(1, after);
                page.setInt(2, limit + 1);
                page.setObject(3, chatId);
                page.setObject(4, userId);
                try (ResultSet row = page.executeQuery()) {
                    return page(row, limit);
                }
            }
        });
    }

    private static Optional<Page> page(ResultSet row, int limit) throws SQLException {
        boolean allowed = false;
        boolean more = false;
        long last = 0;
        List<Member> members = new ArrayList<>();
        while (row.next()) {
            allowed = true;
            more = members.size() == limit;
            if (!more && row.getObject(1) != null) {
                members.add(member(row));
                last = row.getLong(4);
            }
        }
        return allowed ? Optional.of(new Page(members, last, more)) : Optional.empty();
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

    /** Those of some places that are taken. */
    List<Seat> taken(List<Seat> seats) {
        return database.read(connection -> {
            try (PreparedStatement taken = connection.prepareStatement(TAKEN)) {
                taken.setArray(
                        1,
                        connection.createArrayOf(
                                "uuid", seats.stream().map(Seat::chatId).toArray()));
                taken.setArray(
                        2,
                        connection.createArrayOf(
                                "uuid", seats.stream().map(Seat::userId).toArray()));
                List<Seat> found = new ArrayList<>();
                try (ResultSet row = taken.executeQuery()) {
                    while (row.next()) {
                        found.add(new Seat(row.getObject(1, UUID.class), row.getObject(2, UUID.class)));
                    }
                }
                return found;
            }
        });
    }

    /** Those of some users who are in a chat with another. */
    Set<UUID> acquainted(UUID userId, Collection<UUID> others) {
        return database.read(connection -> {
            try (PreparedStatement acquainted = connection.prepareStatement(ACQUAINTED)) {
                acquainted.setArray(1, connection.createArrayOf("uuid", others.toArray()));
                acquainted.setObject(2, userId);
                Set<UUID> found = new HashSet<>();
                try (ResultSet row = acquainted.executeQuery()) {
                    while (row.next()) {
                        found.add(row.getObject(1, UUID.class));
                    }
                }
                return found;
            }
        });
    }

    /** Who is in those of some chats that have no more than so many members. */
    List<Circle> circles(Collection<UUID> chatIds, int most) {
        return database.read(connection -> {
            try (PreparedStatement circles = connection.prepareStatement(CIRCLES)) {
                circles.setArray(1, connection.createArrayOf("uuid", chatIds.toArray()));
                circles.setInt(2, most);
                List<Circle> found = new ArrayList<>();
                try (ResultSet row = circles.executeQuery()) {
                    while (row.next()) {
                        UUID[] users = (UUID[]) row.getArray(3).getArray();
                        found.add(new Circle(row.getObject(1, UUID.class), row.getLong(2), Set.of(users)));
                    }
                }
                return found;
            }
        });
    }

    private static Member member(ResultSet row) throws SQLException {
        return new Member(
                row.getObject(1, UUID.class),
                Role.valueOf(row.getString(2)),
                row.getObject(3, OffsetDateTime.class).toInstant());
    }
}
