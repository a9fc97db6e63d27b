package dev.natter.platform.bus;

import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;

/** Whether the connection is up; the client's own pings know. */
record BusCheck(Bus bus) implements HealthCheck {
    @Override
    public HealthCheckType type() {
        return HealthCheckType.READINESS;
    }

    @Override
    public String name() {
        return "nats";
    }

    @Override
    public String path() {
        return "nats";
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.builder().status(bus.isUp()).build();
    }
}
