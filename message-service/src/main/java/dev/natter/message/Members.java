package dev.natter.message;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.natter.contracts.Chat;
import dev.natter.contracts.ChatEvent;
import dev.natter.contracts.Internal.Membership;
import dev.natter.message.Batch.Seat;
import dev.natter.platform.bus.Delivery;
import dev.natter.platform.db.Database;
import dev.natter.platform.http.Json;
import dev.natter.platform.http.Peer;
import dev.natter.platform.http.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who is in which chat: a replica, built from chat-service's events and ordered by the chat's version. Where it may lag
 * behind the caller's own last write (create a chat, send to it at once), chat-service is asked, and the answer
 * remembered. Thread-safe.
 */
final class Members {
    /**
     * What a member may do, and where the log stood when they asked.
     *
     * @param role their role
     * @param seq the chat's number
     * @param membersVersion the chat's version that this is true for
     */
    record Access(Chat.Role role, long seq, long membersVersion) {}

    private static final String ACCESS = """
            SELECT m.role, h.seq, h.members_version FROM member m JOIN chat_head h ON h.chat_id = m.chat_id
             WHERE m.chat_id = ? AND m.user_id = ?""";

    private static final String KNOW_CHAT = "INSERT INTO chat_head (chat_id) VALUES (?) ON CONFLICT DO NOTHING";

    /** Locks the head, so that no change commits in between under a membership that is no longer true. */
    private static final String TAKE_VERSION =
            "UPDATE chat_head SET members_version = ? WHERE chat_id = ? AND members_version < ?";

    private static final String FORGET = "DELETE FROM member WHERE chat_id = ? AND user_id <> ALL (?)";

    private static final String REMEMBER = """
            INSERT INTO member (chat_id, user_id, role) SELECT ?, user_id, role FROM unnest(?::uuid[], ?::text[]) AS new (user_id, role)
            ON CONFLICT (chat_id, user_id) DO UPDATE SET role = excluded.role""";

    private final Database database;
    private final Peer chatService;

    /**
     * Those of whom chat-service said a moment ago that they aren't members: one who tries every id must not cost it a
     * call each.
     */
    private final Cache<Seat, Boolean> strangers = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterWrite(Duration.ofSeconds(1))
            .build();

    Members(Database database, Peer chatService) {
        this.database = database;
        this.chatService = chatService;
    }

    /** Applies an event of chat-service. */
    void apply(Delivery delivery) {
        switch (Json.parse(delivery.payload(), ChatEvent.class)) {
            case ChatEvent.Created created ->
                remember(new Membership(created.chatId(), created.version(), created.members()));
            case ChatEvent.Updated _,
                    ChatEvent.Deleted _,
                    ChatEvent.MemberAdded _,
                    ChatEvent.MemberUpdated _,
                    ChatEvent.MemberRemoved _,
                    ChatEvent.Unknown _ -> {}
        }
    }

    /**
     * Lets a member in.
     *
     * @param refusal what anyone else is told: that there is no such thing
     * @return what they may do
     * @throws dev.natter.platform.http.Refused for anyone else; 503 if that can't be told now
     */
    Access require(UUID chatId, UUID userId, Problem refusal) {
        return find(chatId, userId).orElseThrow(refusal::refuse);
    }

    /**
     * What a member may do.
     *
     * @return empty for anyone else
     * @throws dev.natter.platform.http.Refused 503 if that can't be told now
     */
    Optional<Access> find(UUID chatId, UUID userId) {
        return access(chatId, userId).or(() -> isMember(chatId, userId) ? access(chatId, userId) : Optional.empty());
    }

    /**
     * Asks chat-service, and remembers what it says.
     *
     * @return whether the user is a member
     * @throws dev.natter.platform.http.Refused 503 if it can't be asked now
     */
    boolean isMember(UUID chatId, UUID userId) {
        var seat = new Seat(chatId, userId);
        if (strangers.getIfPresent(seat) != null) {
            return false;
        }
        Optional<Membership> membership = chatService.get("/internal/chats/" + chatId + "/members", Membership.class);
        membership.ifPresent(this::remember);
        boolean member = membership.stream()
                .flatMap(known -> known.members().stream())
                .anyMatch(one -> one.userId().equals(userId));
        if (!member) {
            strangers.put(seat, true);
        }
        return member;
    }

    private Optional<Access> access(UUID chatId, UUID userId) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ACCESS)) {
                statement.setObject(1, chatId);
                statement.setObject(2, userId);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(
                                    new Access(Chat.Role.valueOf(row.getString(1)), row.getLong(2), row.getLong(3)))
                            : Optional.empty();
                }
            }
        });
    }

    private void remember(Membership membership) {
        database.inTransaction(connection -> {
            run(connection, KNOW_CHAT, membership.chatId());
            if (run(connection, TAKE_VERSION, membership.version(), membership.chatId(), membership.version()) == 0) {
                return false;
            }
            List<Chat.Member> members = membership.members();
            Object[] ids = members.stream().map(Chat.Member::userId).toArray();
            Object[] roles =
                    members.stream().map(member -> member.role().name()).toArray();
            run(connection, FORGET, membership.chatId(), connection.createArrayOf("uuid", ids));
            run(
                    connection,
                    REMEMBER,
                    membership.chatId(),
                    connection.createArrayOf("uuid", ids),
                    connection.createArrayOf("text", roles));
            return true;
        });
        membership.members().forEach(member -> strangers.invalidate(new Seat(membership.chatId(), member.userId())));
    }

    private static int run(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }
}
