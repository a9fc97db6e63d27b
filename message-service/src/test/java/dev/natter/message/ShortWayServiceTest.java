package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShortWayServiceTest {
    /** PostgreSQL plans for the parameters five times before it considers a plan for any. */
    private static final int SENDS = 20;

    private static final String MANY_MEMBERS = """
            INSERT INTO member SELECT chat_id, gen_random_uuid(), 'member'
              FROM (SELECT gen_random_uuid() AS chat_id FROM generate_series(1, 2000)) AS chats, generate_series(1, 9)""";

    private static final String FIND_MEMBER = """
            EXPLAIN SELECT role FROM member
             WHERE chat_id = '0190a0a0-0000-7000-8000-00000000000c' AND user_id = '0190a0a0-0000-7000-8000-00000000000b'""";

    private static final String LOW = "00000000-0000-7000-8000-000000000001";
    private static final String HIGH = "ffffffff-0000-7000-8000-000000000001";

    /** The one with the higher id lies first. */
    private static final String TWO_CHATS = """
            WITH chats AS (
              INSERT INTO chat_head (chat_id, seq, members_version) VALUES ('%1$s', 0, 1), ('%2$s', 0, 1) RETURNING chat_id)
            INSERT INTO member SELECT chat_id, '%2$s', 'member' FROM chats""".formatted(HIGH, LOW);

    private static final String NOW = "2026-01-02T03:04:05.678Z";

    /**
     * Chats, versions, numbers, senders, texts, client ids, fingerprints, the time; envelopes, heads and payloads of
     * events.
     */
    private static final List<String> TWO_SENDS = List.of(
            "{" + LOW + "," + HIGH + "}",
            "{1,1}",
            "{1,1}",
            "{" + LOW + "," + LOW + "}",
            "{hello,hello}",
            "{null,null}",
            "{null,null}",
            NOW,
            "{1,1}",
            "{head,head}",
            "{payload,payload}");

    /** The same of one that fits nowhere. */
    private static final List<String> ONE_SEND = List.of(
            "{null}", "{null}", "{null}", "{null}", "{null}", "{null}", "{null}", NOW, "{null}", "{null}", "{null}");

    private static final String WAITING = """
            SELECT EXISTS (SELECT FROM pg_stat_activity
                            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%guessed%')""";

    @Test
    void aLoneSendIsNotPlannedAnew() {
        try (var running = new Running()) {
            long kept = running.database.read(connection -> {
                for (int i = 0; i < SENDS; i++) {
                    append(connection, ONE_SEND);
                }
                return plansKept(connection);
            });

            assertThat(kept).isGreaterThan(SENDS / 2);
        }
    }

    /** Where each user is in one chat, PostgreSQL takes an index of users for as good as one of places. */
    @Test
    void whoIsInManyChatsIsFoundInEachAtOnce() {
        try (var running = new Running()) {
            List<String> plan = running.database.write(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(MANY_MEMBERS);
                    statement.execute("ANALYZE member");
                    List<String> lines = new ArrayList<>();
                    try (ResultSet row = statement.executeQuery(FIND_MEMBER)) {
                        while (row.next()) {
                            lines.add(row.getString(1).strip());
                        }
                    }
                    return lines;
                }
            });

            assertThat(plan).anyMatch(line -> line.startsWith("Index Cond: ") && line.contains("chat_id"));
            assertThat(plan).noneMatch(line -> line.startsWith("Filter: "));
        }
    }

    /** Where chats are few PostgreSQL reads all of them, in the order in which they lie in the table. */
    @Test
    void chatsAreLockedInTheOrderOfTheirIdsWhateverTheirPlaces() {
        try (var running = new Running()) {
            running.database.write(connection -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.execute(TWO_CHATS);
                }
            });

            Thread other = running.database.inTransaction(first -> {
                lock(first, LOW);
                Thread appending = Thread.startVirtualThread(() -> running.database.inTransaction(second -> {
                    append(second, TWO_SENDS);
                    second.rollback();
                    return null;
                }));
                await().until(() -> isWaitingForALock(running));
                lock(first, HIGH);
                return appending;
            });

            assertThat(join(other)).isTrue();
        }
    }

    private static void lock(Connection connection, String chat) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT seq FROM chat_head WHERE chat_id = '" + chat + "' FOR UPDATE NOWAIT");
        }
    }

    private static boolean isWaitingForALock(Running running) {
        return running.database.read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(WAITING)) {
                row.next();
                return row.getBoolean(1);
            }
        });
    }

    private static void append(Connection connection, List<String> values) throws SQLException {
        try (PreparedStatement append = connection.prepareStatement(ShortWay.APPEND)) {
            for (int i = 0; i < values.size(); i++) {
                append.setObject(i + 1, values.get(i), Types.OTHER);
            }
            append.executeQuery().close();
        }
    }

    private static boolean join(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static long plansKept(Connection connection) throws SQLException {
        try (PreparedStatement asked = connection.prepareStatement(
                        "SELECT max(generic_plans) FROM pg_prepared_statements WHERE statement LIKE '%guessed%'");
                ResultSet row = asked.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
