package dev.natter.bench;

import dev.natter.bench.Table.Sink;
import dev.natter.contracts.Message;
import dev.natter.platform.db.DatabaseUrl;
import dev.natter.platform.http.Json;
import dev.natter.platform.token.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Fills an installation that has no chats yet with a {@link Town}'s, as its services would have left them after a year:
 * chat-service's chats, members, boxes and heads, message-service's log, roll and read positions. Its users are names
 * only, but for those who were registered. All events are long gone, so the outboxes stay empty.
 */
final class Loader {
    private static final int ONE_LAGS_IN = 10;
    private static final Duration SESSION = Duration.ofDays(30);

    private final Town town;
    private final Talk talk;

    private Loader(Town town) {
        this.town = town;
        this.talk = new Talk(town);
    }

    /**
     * Loads.
     *
     * @param server where, a superuser's address; whoever asks for chats there meanwhile waits or is refused
     * @param town what
     * @return what was said, to the end
     */
    static Talk load(DatabaseUrl server, Town town) throws SQLException, IOException {
        var loader = new Loader(town);
        try (Connection messages = connect(server.with("natter_message"))) {
            loader.timelines(messages);
        }
        try (Connection chats = connect(server.with("natter_chat"))) {
            loader.chats(chats);
            // Nothing of the loading shall go on while something is measured.
            chats.createStatement().execute("CHECKPOINT");
        }
        return loader.talk;
    }

    /**
     * Loads its users too, each with a session that has the user's id; nobody can sign in as one of them, since no
     * password is right. Whoever was registered before is gone.
     *
     * @param server where
     * @param town whose
     */
    static void users(DatabaseUrl server, Town town) throws SQLException, IOException {
        try (Connection connection = connect(server.with("natter_auth"))) {
            new Table(connection, "users")
                    .fill("id, username, username_key, display_name, display_key, password, created_at", sink -> {
                        for (int user = 0; user < town.users(); user++) {
                            String name = "user-" + user;
                            sink.row(town.user(user), name, name, name, name, "none", town.founded(0));
                        }
                    });
            Instant end = Instant.now().plus(SESSION);
            new Table(connection, "sessions").fill("id, user_id, created_at, expires_at", sink -> {
                for (int user = 0; user < town.users(); user++) {
                    sink.row(town.user(user), town.user(user), town.founded(0), end);
                }
            });
        }
    }

    private static Connection connect(DatabaseUrl url) throws SQLException {
        return DriverManager.getConnection(url.jdbc(), url.user(), url.password());
    }

    private void timelines(Connection connection) throws SQLException, IOException {
        new Table(connection, "message")
                .fill(
                        "chat_id, seq, changed_seq, type, sender_id, content, client_id, client_hash, created_at, edited_at",
                        this::messages);
        new Table(connection, "chat_head").fill("chat_id, seq, members_version", sink -> {
            for (int chat = 0; chat < town.chats(); chat++) {
                sink.row(town.id(chat), talk.head(chat), 1);
            }
        });
        new Table(connection, "member").fill("chat_id, user_id, role", sink -> {
            for (int chat = 0; chat < town.chats(); chat++) {
                List<UUID> members = town.members(chat);
                for (int place = 0; place < members.size(); place++) {
                    sink.row(town.id(chat), members.get(place), role(chat, place));
                }
            }
        });
        new Table(connection, "read_position").fill("chat_id, user_id, seq", this::positions);
    }

    private void messages(Sink sink) throws IOException {
        MessageDigest digest = Sha256.begin();
        HexFormat hex = HexFormat.of();
        for (int number = 0; number < town.messages(); number++) {
            Message message = talk.next(number);
            byte[] sent = ("null\0" + message.content()).getBytes(StandardCharsets.UTF_8);
            sink.row(
                    message.chatId(),
                    message.seq(),
                    message.changedSeq(),
                    message.type(),
                    message.senderId(),
                    message.content(),
                    message.clientId(),
                    "\\\\x" + hex.formatHex(digest.digest(sent)),
                    message.createdAt(),
                    message.editedAt());
        }
    }

    /** Most have read everything; some lag behind, a little or from the beginning. */
    private void positions(Sink sink) throws IOException {
        for (int chat = 0; chat < town.chats(); chat++) {
            List<UUID> members = town.members(chat);
            int head = talk.head(chat);
            for (int place = 0; place < members.size() && head > 0; place++) {
                var dice = Town.dice(chat * 1000L + place, "position");
                int seq = dice.nextInt(ONE_LAGS_IN) > 0 ? head : Math.max(0, head - dice.nextInt(100));
                if (seq > 0) {
                    sink.row(town.id(chat), members.get(place), seq);
                }
            }
        }
    }

    private void chats(Connection connection) throws SQLException, IOException {
        Map<UUID, Integer> boxes = new HashMap<>();
        new Table(connection, "chats")
                .fill("id, type, title, direct_low, direct_high, member_count, version, created_at", sink -> {
                    for (int chat = 0; chat < town.chats(); chat++) {
                        chat(sink, chat, town.members(chat));
                    }
                });
        new Table(connection, "members")
                .fill("chat_id, place, user_id, role, joined_at, user_seq, joined_seq", sink -> {
                    for (int chat = 0; chat < town.chats(); chat++) {
                        List<UUID> members = town.members(chat);
                        for (int place = 0; place < members.size(); place++) {
                            UUID user = members.get(place);
                            int seq = boxes.merge(user, 1, Integer::sum);
                            sink.row(town.id(chat), place, user, role(chat, place), town.founded(chat), seq, seq);
                        }
                    }
                });
        new Table(connection, "boxes").fill("user_id, seq", sink -> {
            for (Map.Entry<UUID, Integer> box : boxes.entrySet()) {
                sink.row(box.getKey(), box.getValue());
            }
        });
        new Table(connection, "heads").fill("chat_id, activity, seq, message_seq, changed_seq, message", sink -> {
            for (int chat = 0; chat < town.chats(); chat++) {
                head(sink, chat, talk.newest(chat));
            }
        });
    }

    private void chat(Sink sink, int chat, List<UUID> members) throws IOException {
        boolean group = town.isGroup(chat);
        List<String> two = members.stream().map(UUID::toString).sorted().toList();
        sink.row(
                town.id(chat),
                group ? "group" : "direct",
                group ? "Chat " + chat : null,
                group ? null : two.getFirst(),
                group ? null : two.getLast(),
                members.size(),
                1,
                town.founded(chat));
    }

    private void head(Sink sink, int chat, Message newest) throws IOException {
        if (newest == null) {
            sink.row(town.id(chat), town.founded(chat), 0, 0, 0, null);
        } else {
            String json = new String(Json.bytes(newest), StandardCharsets.UTF_8);
            sink.row(town.id(chat), newest.createdAt(), talk.head(chat), newest.seq(), newest.changedSeq(), json);
        }
    }

    private String role(int chat, int place) {
        return place == 0 && town.isGroup(chat) ? "owner" : "member";
    }
}
