package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.OffsetDateTime;
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

    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-01-02T03:04:05.678Z");

    @Test
    void aLoneSendIsNotPlannedAnew() {
        try (var running = new Running()) {
            long kept = running.database.read(connection -> {
                // Once: the driver prepares anew what it was asked about.
                List<Integer> types = parameterTypes(connection);
                for (int i = 0; i < SENDS; i++) {
                    append(connection, types);
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

    private static List<Integer> parameterTypes(Connection connection) throws SQLException {
        try (PreparedStatement append = connection.prepareStatement(ShortWay.APPEND)) {
            ParameterMetaData parameters = append.getParameterMetaData();
            List<Integer> types = new ArrayList<>();
            for (int i = 1; i <= parameters.getParameterCount(); i++) {
                types.add(parameters.getParameterType(i));
            }
            return types;
        }
    }

    private static void append(Connection connection, List<Integer> types) throws SQLException {
        try (PreparedStatement append = connection.prepareStatement(ShortWay.APPEND)) {
            for (int i = 0; i < types.size(); i++) {
                if (types.get(i) == Types.ARRAY) {
                    append.setObject(i + 1, "{null}", Types.OTHER);
                } else {
                    append.setObject(i + 1, NOW, Types.TIMESTAMP_WITH_TIMEZONE);
                }
            }
            append.executeQuery().close();
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
