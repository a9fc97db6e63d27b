package dev.natter.platform.db;

import com.zaxxer.hikari.HikariDataSource;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.util.List;
import java.util.function.Supplier;

/** How a pool of connections is used. */
final class PoolMeters implements AutoCloseable {
    private final List<Meter> gauges;

    PoolMeters(HikariDataSource pool) {
        var now = pool.getHikariPoolMXBean();
        var name = Tag.create("pool", pool.getPoolName());
        gauges = List.of(
                gauge(
                        "natter.database.connections",
                        "Connections of the pool, by what they do",
                        now::getActiveConnections,
                        List.of(name, Tag.create("state", "active"))),
                gauge(
                        "natter.database.connections",
                        "Connections of the pool, by what they do",
                        now::getIdleConnections,
                        List.of(name, Tag.create("state", "idle"))),
                gauge(
                        "natter.database.connections.max",
                        "Most connections that the pool may have",
                        pool::getMaximumPoolSize,
                        List.of(name)),
                gauge(
                        "natter.database.waiting",
                        "Threads that wait for a connection",
                        now::getThreadsAwaitingConnection,
                        List.of(name)));
    }

    private static Meter gauge(String name, String description, Supplier<Integer> value, List<Tag> tags) {
        return Metrics.globalRegistry()
                .getOrCreate(Gauge.builder(name, value).description(description).tags(tags));
    }

    @Override
    public void close() {
        gauges.forEach(Metrics.globalRegistry()::remove);
    }
}
