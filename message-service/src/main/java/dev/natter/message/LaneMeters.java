package dev.natter.message;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.DistributionStatisticsConfig;
import io.helidon.metrics.api.DistributionSummary;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.util.List;
import java.util.function.Supplier;

/** What is counted of all lanes. Thread-safe. */
final class LaneMeters {
    private final DistributionSummary batchSizes = Metrics.globalRegistry()
            .getOrCreate(DistributionSummary.builder(
                            "natter.lane.batch.size",
                            DistributionStatisticsConfig.builder()
                                    .percentiles(new double[0])
                                    .buckets(1, 2, 4, 8, 16, 32, 64, 128, 256))
                    .description("Changes in one transaction"));
    private final Counter failures = Metrics.globalRegistry()
            .getOrCreate(Counter.builder("natter.lane.failures").description("Transactions of a lane that failed"));

    void batch(int size) {
        batchSizes.record(size);
    }

    void failed() {
        failures.increment();
    }

    void depth(String lane, Supplier<Integer> waiting) {
        Metrics.globalRegistry()
                .getOrCreate(Gauge.builder("natter.lane.depth", waiting)
                        .description("Changes waiting in a lane")
                        .tags(List.of(Tag.create("lane", lane))));
    }
}
