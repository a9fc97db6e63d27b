package dev.natter.message;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Internal.Seat;
import dev.natter.platform.db.Columns;
import dev.natter.platform.db.Database;
import dev.natter.platform.db.Database.Work;
import dev.natter.platform.http.Problem;
import dev.natter.platform.http.Refused;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who may do what in which chat. The replica answers; where it may lag behind the caller's own last write (create a
 * chat, send to it at once), chat-service is asked. Thread-safe.
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

    /**
     * What is known of some places.
     *
     * @param taken those of members
     * @param unsure those that chat-service would have to be asked about, and can't be now
     */
    record Places(Map<Seat, Access> taken, Set<Seat> unsure) {}

    /**
     * A member, and what they have read.
     *
     * @param access what they may do, true before what they have read
     * @param read what they have read
     */
    record Admitted<T>(Access access, T read) {}

    private static final String ACCESS = """
            SELECT m.chat_id, m.user_id, m.role, h.seq, h.members_version
              FROM unnest(?::uuid[], ?::uuid[]) AS asked (chat_id, user_id)
              JOIN member m ON m.chat_id = asked.chat_id AND m.user_id = asked.user_id
              JOIN chat_head h ON h.chat_id = m.chat_id""";

    private static final String SEAT = """
            SELECT m.role, h.seq, h.members_version
              FROM member m JOIN chat_head h ON h.chat_id = m.chat_id
             WHERE m.chat_id = ? AND m.user_id = ?""";

    private final Database database;
    private final Inquiry inquiry;

    Members(Database database, Inquiry inquiry) {
        this.database = database;
        this.inquiry = inquiry;
    }

    /**
     * Lets a member in.
     *
     * @param refusal what anyone else is told: that there is no such thing
     * @return what they may do
     * @throws Refused for anyone else; 503 if that can't be told now
     */
    Access require(UUID chatId, UUID userId, Problem refusal) {
        var seat = new Seat(chatId, userId);
        return Optional.ofNullable(known(Set.of(seat)).get(seat))
                .or(() -> asked(seat))
                .orElseThrow(refusal::refuse);
    }

    /**
     * Lets a member in who wants to read, and reads with the same connection.
     *
     * @param refusal what anyone else is told: that there is no such thing
     * @param reading what nobody else gets
     * @return what they may do, and what they have read
     * @throws Refused for anyone else; 503 if that can't be told now
     */
    <T> Admitted<T> require(UUID chatId, UUID userId, Problem refusal, Reading<T> reading) {
        Work<Optional<Admitted<T>>> both = connection -> {
            Optional<Access> access = seated(connection, chatId, userId);
            return access.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Admitted<>(access.get(), reading.on(connection, access.get())));
        };
        return database.read(both)
                .or(() -> {
                    inquiry.about(List.of(new Seat(chatId, userId)));
                    return database.read(both);
                })
                .orElseThrow(refusal::refuse);
    }

    private static Optional<Access> seated(Connection connection, UUID chatId, UUID userId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SEAT)) {
            statement.setObject(1, chatId);
            statement.setObject(2, userId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Access(Chat.Role.valueOf(row.getString(1)), row.getLong(2), row.getLong(3)))
                        : Optional.empty();
            }
        }
    }

    /**
     * Asks chat-service about someone whom the replica doesn't know.
     *
     * @return whether they are a member after all
     * @throws Refused 503 if it can't be asked now
     */
    boolean isAfterAll(UUID chatId, UUID userId) {
        return asked(new Seat(chatId, userId)).isPresent();
    }

    /** What many may do, in one query; one question to chat-service for all that the replica doesn't know. */
    Places find(Collection<Seat> seats) {
        Map<Seat, Access> taken = new HashMap<>(known(seats));
        Set<Seat> missing = new HashSet<>(seats);
        missing.removeAll(taken.keySet());
        if (missing.isEmpty()) {
            return new Places(taken, Set.of());
        }
        try {
            inquiry.about(missing);
        } catch (Refused cantBeAsked) {
            return new Places(taken, missing);
        }
        taken.putAll(known(missing));
        return new Places(taken, Set.of());
    }

    private Optional<Access> asked(Seat seat) {
        inquiry.about(List.of(seat));
        return Optional.ofNullable(known(Set.of(seat)).get(seat));
    }

    private Map<Seat, Access> known(Collection<Seat> seats) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ACCESS)) {
                Columns.of(seats).uuid(Seat::chatId).uuid(Seat::userId).bind(statement, 1);
                try (ResultSet row = statement.executeQuery()) {
                    Map<Seat, Access> found = new HashMap<>();
                    while (row.next()) {
                        found.put(
                                new Seat(row.getObject(1, UUID.class), row.getObject(2, UUID.class)),
                                new Access(Chat.Role.valueOf(row.getString(3)), row.getLong(4), row.getLong(5)));
                    }
                    return found;
                }
            }
        });
    }
}
