package dev.natter.platform.db;

import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckResponse.Status;
import io.helidon.health.HealthCheckType;
import java.sql.Connection;
import java.sql.SQLException;

/** Asks the database for a sign of life; gives up after the pool's time-out plus a second. */
record DatabaseCheck(Database database) implements HealthCheck {
    @Override
    public HealthCheckType type() {
        return HealthCheckType.READINESS;
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public String path() {
        return "database";
    }

    @Override
    public HealthCheckResponse call() {
        try (Connection connection = database.connection()) {
            return HealthCheckResponse.builder().status(connection.isValid(1)).build();
        } catch (SQLException down) {
            return HealthCheckResponse.builder().status(Status.DOWN).build();
        }
    }
}
