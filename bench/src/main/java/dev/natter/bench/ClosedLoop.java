package dev.natter.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * As many connections as are wanted, each asking again as soon as it is answered: what a server can do at most, the way
 * pgbench measures a database. Says nothing of how long somebody waits who comes when they please.
 *
 * @param base the server
 * @param connections how many
 * @param warmUp for how long answers aren't counted
 * @param length for how long they are
 */
record ClosedLoop(URI base, int connections, Duration warmUp, Duration length) {
    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

    /** What one connection asks next. */
    interface Asker {
        byte[] next() throws IOException;
    }

    /**
     * What came of it.
     *
     * @param perSecond answers
     * @param latency of each, nanoseconds
     */
    record Outcome(double perSecond, Histogram latency) {
        double millis(double percentile) {
            return latency.getValueAtPercentile(percentile) / 1e6;
        }
    }

    /**
     * Runs it.
     *
     * @param askers makes what a connection asks, from its number; each is used by one thread
     * @throws IOException if any answer isn't 2xx
     */
    Outcome run(IntFunction<Asker> askers) throws IOException {
        long begin = System.nanoTime() + warmUp.toNanos();
        long end = begin + length.toNanos();
        var all = new Histogram(LONGEST_NANOS, 3);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var each = IntStream.range(0, connections)
                    .mapToObj(number -> threads.submit(() -> ask(askers.apply(number), begin, end)))
                    .toList();
            for (Future<Histogram> one : each) {
                all.add(one.get());
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException cause ? cause : new IOException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
        return new Outcome(all.getTotalCount() * 1e9 / length.toNanos(), all);
    }

    private Histogram ask(Asker asker, long begin, long end) throws IOException {
        var latency = new Histogram(LONGEST_NANOS, 3);
        try (var connection = new Connection(base)) {
            for (long asked = System.nanoTime(); asked < end; asked = System.nanoTime()) {
                connection.ask(asker.next()).good();
                long answered = System.nanoTime();
                if (answered >= begin && answered < end) {
                    latency.recordValue(answered - asked);
                }
            }
        }
        return latency;
    }
}
