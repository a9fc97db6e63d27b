package dev.natter.bench;

import dev.natter.message.LanePiece;
import dev.natter.realtime.FramePiece;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The pieces that requests and deliveries pass again and again, each alone in a JVM as services have it, by JMH. */
final class Pieces implements Scenario {
    /**
     * A piece.
     *
     * @param what it does
     * @param place its class
     * @param method its benchmark
     */
    private record Piece(String what, Class<?> place, String method) {
        String name() {
            return place.getName() + "." + method;
        }
    }

    private static final List<Piece> PIECES = List.of(
            new Piece("a frame encoded", FramePiece.class, "encode"),
            new Piece("a token that is remembered", TokenPiece.class, "remembered"),
            new Piece("a token verified in full", TokenPiece.class, "verified"),
            new Piece("a send through an empty lane", LanePiece.class, "alone"),
            new Piece("a send through a lane, 64 at once", LanePiece.class, "amongMany"),
            new Piece("a message written as JSON", JsonPiece.class, "write"),
            new Piece("a message read from JSON", JsonPiece.class, "read"));

    private static final int ITERATIONS = 5;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Override
    public String name() {
        return "pieces";
    }

    @Override
    public String about() {
        return "what is done again and again, one piece at a time";
    }

    @Override
    public List<Figure> run(Ground ground) throws Exception {
        var options = new OptionsBuilder()
                .mode(Mode.Throughput)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(1)
                .jvmArgs("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx512m")
                .warmupIterations(ITERATIONS)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.milliseconds(ground.length().toMillis() / ITERATIONS))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        PIECES.forEach(piece -> options.include("^" + piece.name().replace(".", "\\.") + "$"));
        Collection<RunResult> results = new Runner(options.build()).run();
        List<Figure> figures = new ArrayList<>();
        for (Piece piece : PIECES) {
            RunResult result = results.stream()
                    .filter(each -> each.getParams().getBenchmark().equals(piece.name()))
                    .findFirst()
                    .orElseThrow();
            double allocated = result.getSecondaryResults().get(ALLOCATED).getScore();
            // By the rate of all threads: the mean of each one's times would be that of who waits most.
            figures.add(Figure.plain(piece.what(), 1 / result.getPrimaryResult().getScore(), "ns"));
            figures.add(Figure.plain("memory that it takes", allocated, "B"));
        }
        return figures;
    }
}
