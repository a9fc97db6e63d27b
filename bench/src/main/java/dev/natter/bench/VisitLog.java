package dev.natter.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How long the visitors of a {@link Crowd} waited, each time from when they wanted something. Thread-safe. */
final class VisitLog {
    private static final long LONGEST_NANOS = Duration.ofMinutes(2).toNanos();
    private static final double SERVER_ERROR = 500;

    private final long begin;
    private final long counted;
    private final long end;
    private final Map<Visitor.Wish, Histogram> waits = new EnumMap<>(Visitor.Wish.class);
    private final LongAdder failed = new LongAdder();

    /**
     * For one visit.
     *
     * @param counted from when on it counts, by {@link System#nanoTime}
     * @param length for how long
     */
    VisitLog(long counted, Duration length) {
        this.begin = System.nanoTime();
        this.counted = counted;
        this.end = counted + length.toNanos();
        for (Visitor.Wish wish : Visitor.Wish.values()) {
            waits.put(wish, new ConcurrentHistogram(LONGEST_NANOS, 3));
        }
    }

    long begin() {
        return begin;
    }

    long end() {
        return end;
    }

    /** An answer has come; one that was wanted before it counts, or after, is passed over. */
    void answered(Visitor.Wish wish, long wanted, long answered, int status) {
        if (wanted - counted >= 0 && wanted - end < 0) {
            waits.get(wish).recordValue(Math.min(answered - wanted, LONGEST_NANOS));
            if (status >= SERVER_ERROR) {
                failed.increment();
            }
        }
    }

    long failed() {
        return failed.sum();
    }

    long answered() {
        return all().getTotalCount();
    }

    double mean() {
        return all().getMean() / 1e6;
    }

    double percentile(double percentile) {
        return all().getValueAtPercentile(percentile) / 1e6;
    }

    private Histogram all() {
        var all = new Histogram(LONGEST_NANOS, 3);
        waits.values().forEach(all::add);
        return all;
    }

    /** How long the slowest waited, for each wish. */
    Chart chart() {
        return Chart.latencies(
                "A crowd",
                Arrays.stream(Visitor.Wish.values())
                        .filter(wish -> waits.get(wish).getTotalCount() > 0)
                        .map(wish -> Chart.slowest(wish.what(), waits.get(wish)))
                        .toList());
    }
}
