package dev.natter.message;

import dev.natter.contracts.Chat;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.Internal.Membership;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.db.Database;
import dev.natter.platform.http.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes the replica of who is in which chat, ordered by the chat's version.
 *
 * <p>Events say what changed. One that follows on what is known is applied to it. One that doesn't shows that others
 * are missing: then nobody is taken for a member but those it names, and the chat is marked as not fully known until
 * chat-service has told everyone in it. So a missing row is never proof that someone is out, and a row that is there is
 * always true for {@code chat_head.members_version}.
 *
 * <p>Every write holds the lock of the chat's head, as every change of its timeline does: none commits under a
 * membership that is no longer true. Thread-safe.
 */
final class Roll {
    /** Where the replica of a chat's members stands. */
    private record Known(long version, boolean all, boolean deleted) {}

    private static final String KNOW_CHAT =
            "INSERT INTO chat_head (chat_id, members_known) VALUES (?, false) ON CONFLICT DO NOTHING";

    private static final String LOCK =
            "SELECT members_version, members_known, deleted_at IS NOT NULL FROM chat_head WHERE chat_id = ? FOR UPDATE";

    private static final String MOVE = """
            UPDATE chat_head SET members_version = ?, members_known = ?,
                   deleted_at = CASE WHEN ? THEN now() ELSE deleted_at END
             WHERE chat_id = ?""";

    private static final String FORGET_OTHERS = "DELETE FROM member WHERE chat_id = ? AND user_id <> ALL (?)";

    private static final String FORGET = "DELETE FROM member WHERE chat_id = ? AND user_id = ?";

    private static final String REMEMBER = """
            INSERT INTO member (chat_id, user_id, role) SELECT ?, user_id, role FROM unnest(?::uuid[], ?::text[]) AS new (user_id, role)
            ON CONFLICT (chat_id, user_id) DO UPDATE SET role = excluded.role WHERE member.role <> excluded.role""";

    private static final String UNKNOWN =
            "SELECT chat_id FROM chat_head WHERE NOT members_known AND chat_id > ? ORDER BY chat_id LIMIT ?";

    private final Database database;

    Roll(Database database) {
        this.database = database;
    }

    /**
     * Applies an event of chat-service, or recognises it as old.
     *
     * @return whether that leaves something to do for {@link Upkeep}
     */
    boolean apply(Delivery delivery) {
        return switch (Json.parse(delivery.payload(), ChatEvent.class)) {
            case ChatEvent.Created created ->
                remember(new Membership(created.chatId(), created.version(), created.members()));
            case ChatEvent.Deleted deleted -> delete(deleted.chatId(), deleted.version());
            case ChatEvent.Updated updated -> change(updated.chatId(), updated.version(), List.of(), null);
            case ChatEvent.MemberAdded added -> change(added.chatId(), added.version(), added.members(), null);
            case ChatEvent.MemberUpdated updated ->
                change(updated.chatId(), updated.version(), List.of(updated.member()), null);
            case ChatEvent.MemberRemoved removed ->
                change(removed.chatId(), removed.version(), List.of(), removed.userId());
            case ChatEvent.Unknown _ -> false;
        };
    }

    /** Takes over everyone in a chat, unless something newer is known; a late answer changes nothing. */
    boolean remember(Membership membership) {
        UUID chatId = membership.chatId();
        return database.inTransaction(connection -> {
            Known known = lock(connection, chatId);
            boolean news = membership.version() > known.version || membership.version() == known.version && !known.all;
            if (news && !known.deleted) {
                only(connection, chatId, membership.members());
                move(connection, chatId, membership.version(), true, false);
            }
            return false;
        });
    }

    private boolean delete(UUID chatId, long version) {
        return database.inTransaction(connection -> {
            Known known = lock(connection, chatId);
            if (!known.deleted) {
                only(connection, chatId, List.of());
                move(connection, chatId, Math.max(version, known.version), true, true);
            }
            return true;
        });
    }

    /** Chats of which not all members are known, by their ids. */
    List<UUID> unknown(UUID after, int limit) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(UNKNOWN)) {
                statement.setObject(1, after);
                statement.setInt(2, limit);
                try (ResultSet row = statement.executeQuery()) {
                    List<UUID> chats = new ArrayList<>();
                    while (row.next()) {
                        chats.add(row.getObject(1, UUID.class));
                    }
                    return chats;
                }
            }
        });
    }

    private boolean change(UUID chatId, long version, List<Chat.Member> are, UUID isNot) {
        return database.inTransaction(connection -> {
            Known known = lock(connection, chatId);
            if (version <= known.version || known.deleted) {
                return false;
            }
            boolean next = version == known.version + 1;
            if (!next) {
                only(connection, chatId, are);
            } else {
                add(connection, chatId, are);
                if (isNot != null) {
                    run(connection, FORGET, chatId, isNot);
                }
            }
            boolean all = next && known.all;
            move(connection, chatId, version, all, false);
            return !all;
        });
    }

    private static Known lock(Connection connection, UUID chatId) throws SQLException {
        run(connection, KNOW_CHAT, chatId);
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setObject(1, chatId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Known(row.getLong(1), row.getBoolean(2), row.getBoolean(3));
            }
        }
    }

    private static void move(Connection connection, UUID chatId, long version, boolean all, boolean deleted)
            throws SQLException {
        run(connection, MOVE, version, all, deleted, chatId);
    }

    private static void only(Connection connection, UUID chatId, List<Chat.Member> members) throws SQLException {
        run(connection, FORGET_OTHERS, chatId, ids(connection, members));
        add(connection, chatId, members);
    }

    private static void add(Connection connection, UUID chatId, List<Chat.Member> members) throws SQLException {
        if (!members.isEmpty()) {
            Object[] roles =
                    members.stream().map(member -> member.role().name()).toArray();
            run(connection, REMEMBER, chatId, ids(connection, members), connection.createArrayOf("text", roles));
        }
    }

    private static Object ids(Connection connection, List<Chat.Member> members) throws SQLException {
        return connection.createArrayOf(
                "uuid", members.stream().map(Chat.Member::userId).toArray());
    }

    private static void run(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }
}
