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
                Web web = new Web();
                Pulse _ = new Pulse(recorder)) {
            Crowd crowd = new Crowd(new Surroundings(cluster, web, recorder), random.split());
            try {
                crowd.gather();
                long end = System.nanoTime() + length.toNanos();
                new Nemesis(cluster, crowd, recorder, random.split()).rage(() -> System.nanoTime() > end);
                settle(crowd)
                        .forEach(late -> found.add(new Violation(
                                Violation.Kind.LOST,
                                CONVERGENCE.toSeconds() + " s after the end of all faults " + late)));
                List<Log> logs = crowd.readings().logs();
                List<Count> counts = crowd.readings().counts(crowd.people(), crowd.marks());
                found.addAll(Checker.check(recorder.history(), logs, crowd.holdings(), counts));
            } finally {
                crowd.disperse();
            }
        }
        found.addAll(recorder.violations());
        Report report = new Report(this, recorder, found);
        System.out.println(report);
        keep(home.resolve("violations.txt"), found);
        return report;
    }

    private static void keep(Path file, List<Violation> found) {
        try {
            Files.write(file, found.stream().map(Violation::toString).toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Everything is mended and nobody talks any more: devices must hold everything now, and lists must show it. Who was
     * clumsy is told once more in every chat, and must find out by itself.
     *
     * @return what isn't so in time
     */
    static List<String> settle(Crowd crowd) {
        crowd.hush();
        Readings readings = crowd.readings();
        Map<String, Long> heads = readings.heads();
        List<String> late = new ArrayList<>();
        late.add(crowd.behind(heads, CONVERGENCE, false));
        late.add(readings.stale(readings.logs(), CONVERGENCE));
        crowd.devices().forEach(device -> device.mind().sober());
        crowd.lastWords();
        late.add(crowd.behind(readings.heads(), CONVERGENCE, true));
        late.removeIf(text -> text == null);
        return late;
    }

    /** A new folder; what a run leaves behind is kept until the next one. */
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
