package dev.natter.message;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Internal.Seat;
import dev.natter.contracts.Message;
import dev.natter.contracts.MessageId;
import dev.natter.message.Batch.Loaded;
import dev.natter.message.Batch.SendName;
import dev.natter.message.Batch.Sent;
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
import java.util.function.Function;

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
            SELECT chat_id, seq FROM chat_head WHERE chat_id = ANY (?) AND deleted_at IS NULL
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

    Loaded under(Connection connection) throws SQLException {
        Map<UUID, Long> heads = lockHeads(connection);
        Map<MessageId, Message> messages = new HashMap<>();
        return new Loaded(heads, seats(connection), messages, sentAndMessages(connection, messages));
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

    private Map<UUID, Long> lockHeads(Connection connection) throws SQLException {
        Map<UUID, Long> heads = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(LOCK_HEADS)) {
            new Columns<>(statement, chats).uuid(Function.identity());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    heads.put(row.getObject(1, UUID.class), row.getLong(2));
                }
            }
        }
        return heads;
    }

    private Map<Seat, Chat.Role> seats(Connection connection) throws SQLException {
        Map<Seat, Chat.Role> roles = new HashMap<>();
        if (seats.isEmpty()) {
            return roles;
        }
        try (PreparedStatement statement = connection.prepareStatement(SEATS)) {
            new Columns<>(statement, seats).uuid(Seat::chatId).uuid(Seat::userId);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    var seat = new Seat(row.getObject(1, UUID.class), row.getObject(2, UUID.class));
                    roles.put(seat, Chat.Role.valueOf(row.getString(3)));
                }
            }
        }
        return roles;
    }

    private Map<SendName, Sent> sentAndMessages(Connection connection, Map<MessageId, Message> messages)
            throws SQLException {
        Map<SendName, Sent> sent = new HashMap<>();
        if (!sends.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(SENT)) {
                new Columns<>(statement, sends)
                        .uuid(SendName::chatId)
                        .uuid(SendName::senderId)
                        .text(SendName::clientId);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        Message message = Rows.read(row);
                        messages.put(message.id(), message);
                        var name = new SendName(message.chatId(), message.senderId(), message.clientId());
                        sent.put(name, new Sent(message.id(), row.getBytes("client_hash")));
                    }
                }
            }
        }
        if (!named.isEmpty()) {
            try (PreparedStatement statement = connection.prepareStatement(MESSAGES)) {
                new Columns<>(statement, named).uuid(MessageId::chatId).bigint(MessageId::seq);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        Message message = Rows.read(row);
                        messages.put(message.id(), message);
                    }
                }
            }
        }
        return sent;
    }
}
