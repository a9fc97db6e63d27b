package dev.natter.message;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Internal.Seat;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.message.Batch.Head;
import dev.natter.message.Batch.Loaded;
import dev.natter.message.Batch.SendName;
import dev.natter.message.Batch.Sent;
import dev.natter.platform.db.Columns;
import dev.natter.platform.db.Volley;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Gathers what a batch touches, and loads it under the chats' locks: a query a kind, only for the kinds there are. Used
 * once.
 */
final class Loading {
    /**
     * In the order of the key, so that two writers of the same chats never wait for each other in a circle. A deleted
     * chat is as one that isn't known.
     */
    private static final String LOCK_HEADS = """
            SELECT chat_id, seq, members_version FROM chat_head WHERE chat_id = ANY (?::uuid[]) AND deleted_at IS NULL
             ORDER BY chat_id FOR UPDATE""";

    private static final String SEATS = """
            SELECT m.chat_id, m.user_id, m.role
              FROM unnest(?::uuid[], ?::uuid[]) AS asked (chat_id, user_id)
              JOIN member m ON m.chat_id = asked.chat_id AND m.user_id = asked.user_id""";

    private static final String SENT = "SELECT " + Rows.COLUMNS + """
            , m.client_hash
              FROM unnest(?::uuid[], ?::uuid[], ?::text[]) AS asked (chat_id, sender_id, client_id)
              JOIN message m ON m.chat_id = asked.chat_id AND m.sender_id = asked.sender_id AND m.client_id = asked.client_id""";

    private static final String MESSAGES = "SELECT " + Rows.COLUMNS + """

              FROM unnest(?::uuid[], ?::bigint[]) AS asked (chat_id, seq)
              JOIN message m ON m.chat_id = asked.chat_id AND m.seq = asked.seq""";

    private final Set<UUID> chats = new HashSet<>();
    private final Set<Seat> seats = new HashSet<>();
    private final Set<MessageId> named = new HashSet<>();
    private final Set<SendName> sends = new HashSet<>();

    Loading(List<Change> changes) {
        changes.forEach(this::gather);
    }

    /** One round trip: the locks first, so that what is read after them is what the last holder left. */
    Loaded under(Connection connection) throws SQLException {
        Volley volley = new Volley().add(LOCK_HEADS, Columns.of(chats).uuid(id -> id));
        if (!seats.isEmpty()) {
            volley.add(SEATS, Columns.of(seats).uuid(Seat::chatId).uuid(Seat::userId));
        }
        if (!sends.isEmpty()) {
            volley.add(
                    SENT,
                    Columns.of(sends)
                            .uuid(SendName::chatId)
                            .uuid(SendName::senderId)
                            .text(SendName::clientId));
        }
        if (!named.isEmpty()) {
            volley.add(MESSAGES, Columns.of(named).uuid(MessageId::chatId).bigint(MessageId::seq));
        }
        var loaded = new Loaded(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
        try (PreparedStatement all = volley.on(connection)) {
            all.execute();
            readHeads(all, loaded.heads());
            if (!seats.isEmpty()) {
                all.getMoreResults();
                readSeats(all, loaded.seats());
            }
            if (!sends.isEmpty()) {
                all.getMoreResults();
                readSent(all, loaded);
            }
            if (!named.isEmpty()) {
                all.getMoreResults();
                readMessages(all, loaded.messages());
            }
        }
        return loaded;
    }

    private void gather(Change change) {
        chats.add(change.chatId());
        switch (change) {
            case Change.Send send -> {
                seats.add(new Seat(send.chatId(), send.userId()));
                if (send.replyTo() != null) {
                    named.add(send.replyTo());
                }
                if (send.clientId() != null) {
                    sends.add(new SendName(send.chatId(), send.userId(), send.clientId()));
                }
            }
            case Change.Edit edit -> {
                seats.add(new Seat(edit.chatId(), edit.userId()));
                named.add(edit.id());
            }
            case Change.Delete delete -> {
                seats.add(new Seat(delete.chatId(), delete.userId()));
                named.add(delete.id());
            }
            case Change.Attach attach -> named.add(attach.id());
        }
    }

    private static void readHeads(PreparedStatement all, Map<UUID, Head> heads) throws SQLException {
        try (ResultSet row = all.getResultSet()) {
            while (row.next()) {
                heads.put(row.getObject(1, UUID.class), new Head(row.getLong(2), row.getLong(3)));
            }
        }
    }

    private static void readSeats(PreparedStatement all, Map<Seat, Chat.Role> roles) throws SQLException {
        try (ResultSet row = all.getResultSet()) {
            while (row.next()) {
                var seat = new Seat(row.getObject(1, UUID.class), row.getObject(2, UUID.class));
                roles.put(seat, Chat.Role.valueOf(row.getString(3)));
            }
        }
    }

    private static void readSent(PreparedStatement all, Loaded loaded) throws SQLException {
        try (ResultSet row = all.getResultSet()) {
            while (row.next()) {
                Message message = Rows.read(row);
                loaded.messages().put(message.id(), message);
                var name = new SendName(message.chatId(), message.senderId(), message.clientId());
                loaded.sent().put(name, new Sent(message.id(), row.getBytes("client_hash")));
            }
        }
    }

    private static void readMessages(PreparedStatement all, Map<MessageId, Message> messages) throws SQLException {
        try (ResultSet row = all.getResultSet()) {
            while (row.next()) {
                Message message = Rows.read(row);
                messages.put(message.id(), message);
            }
        }
    }
}
