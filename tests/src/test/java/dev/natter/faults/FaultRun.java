package dev.natter.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * One run: gather a crowd on a cluster, let the nemesis rage, mend everything, and check.
 *
 * @param shape how the services run
 * @param seed what everything random is drawn from
 * @param length how long the nemesis rages
 */
record FaultRun(Shape shape, long seed, Duration length) {
    private static final Duration CONVERGENCE = Duration.ofSeconds(60);

    /** Runs it. */
    Report go() {
        SplittableRandom random = new SplittableRandom(seed);
        Recorder recorder = new Recorder();
        Path home = home();
        System.out.println("Faults: " + shape + ", seed " + seed + ", " + length.toSeconds() + " s, in " + home);
        List<Violation> found = new ArrayList<>();
        try (Cluster cluster = Cluster.start(shape, home, random.split());
                Web web = new Web()) {
            Crowd crowd = new Crowd(new Surroundings(cluster, web, recorder), random.split());
            try {
                crowd.gather();
                long end = System.nanoTime() + length.toNanos();
                new Nemesis(cluster, crowd, recorder, random.split()).rage(() -> System.nanoTime() > end);
                found.addAll(settle(crowd));
                crowd.disperse();
                found.addAll(Checker.check(recorder.history(), crowd.logs(), crowd.holdings(), List.of()));
            } finally {
                crowd.disperse();
            }
        }
        found.addAll(recorder.violations());
        Report report = new Report(this, recorder, found);
        System.out.println(report);
        return report;
    }

    /**
     * Everything is mended. Who has heard everything must hold it now; who was clumsy is told once more in every chat,
     * and must find out by itself.
     */
    private static List<Violation> settle(Crowd crowd) {
        crowd.hush();
        List<Violation> found = new ArrayList<>();
        Map<String, Long> heads = crowd.heads();
        String late = crowd.behind(heads, CONVERGENCE, false);
        crowd.devices().forEach(device -> device.mind().sober());
        crowd.lastWords();
        String later = crowd.behind(crowd.heads(), CONVERGENCE, true);
        for (String one : Stream.of(late, later).filter(text -> text != null).toList()) {
            found.add(new Violation(Violation.Kind.LOST, CONVERGENCE.toSeconds() + " s after the end " + one));
        }
        return found;
    }

    /** A new folder; what failed runs left behind is kept until the next one. */
    private Path home() {
        Path home = Path.of("target", "faults", shape.name().toLowerCase(Locale.ROOT));
        if (Files.exists(home)) {
            try (Stream<Path> all = Files.walk(home)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return home;
    }
}
