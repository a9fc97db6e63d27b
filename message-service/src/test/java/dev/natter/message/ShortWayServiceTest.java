package dev.natter.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class ShortWayServiceTest {
    /** PostgreSQL plans for the parameters five times before it considers a plan for any. */
    private static final int SENDS = 20;

    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-01-02T03:04:05.678Z");

    @Test
    void aLoneSendIsNotPlannedAnew() {
        try (var running = new Running()) {
            long kept = running.database.read(connection -> {
                for (int i = 0; i < SENDS; i++) {
                    append(connection);
                }
                return plansKept(connection);
            });

            assertThat(kept).isGreaterThan(SENDS / 2);
        }
    }

    private static void append(Connection connection) throws SQLException {
        try (PreparedStatement append = connection.prepareStatement(ShortWay.APPEND)) {
            ParameterMetaData parameters = append.getParameterMetaData();
            for (int i = 1; i <= parameters.getParameterCount(); i++) {
                if (parameters.getParameterType(i) == Types.ARRAY) {
                    append.setObject(i, "{null}", Types.OTHER);
                } else {
                    append.setObject(i, NOW, Types.TIMESTAMP_WITH_TIMEZONE);
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
