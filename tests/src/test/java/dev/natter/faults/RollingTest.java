package dev.natter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.local.Part;
import dev.natter.tests.Compose;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * An operator at work while people talk: every service is restarted in turn, replaced by a next version that migrates
 * its database, and put back. The fault suite's crowd talks and its checker judges.
 */
@Tag("deploy")
@Isolated("replaces what other tests need")
class RollingTest {
    private static final String NEXT = "next";
    private static final Duration TOLD = Duration.ofSeconds(45);

    /** What the next version of each stored service does to the busiest table of its database. */
    private static final Map<Part, String> MIGRATIONS = Map.of(
            Part.AUTH, "ALTER TABLE sessions ADD COLUMN note text;",
            Part.CHAT, "ALTER TABLE heads ADD COLUMN note text NOT NULL DEFAULT '';",
            Part.MESSAGE, "ALTER TABLE message ADD COLUMN note text; CREATE TABLE note (id bigint PRIMARY KEY);",
            Part.MEDIA, "ALTER TABLE files ADD COLUMN note text;");

    @TempDir
    private Path folder;

    private final Compose compose = Compose.shared();
    private final Recorder recorder = new Recorder();

    @Test
    void nothingIsLostWhileEachServiceIsRestartedUpgradedAndRolledBack() throws IOException {
        for (Part part : Part.values()) {
            next(part);
        }
        List<Violation> found = new ArrayList<>();
        try (Web web = new Web();
                Pulse _ = new Pulse(recorder)) {
            Crowd crowd = new Crowd(new Surroundings(doors(), web, recorder), new SplittableRandom());
            try {
                crowd.gather();
                for (Part part : Part.values()) {
                    disturb(crowd, part + " restarted", () -> compose.restart(part));
                }
                for (Part part : Part.values()) {
                    disturb(crowd, part + " upgraded", () -> compose.replace(part, NEXT));
                    assertThat(isMigrated(part)).as("migrated " + part).isEqualTo(part.stored());
                }
                for (Part part : Part.values()) {
                    disturb(crowd, part + " rolled back", () -> compose.replace(part, "latest"));
                    assertThat(isMigrated(part)).as("still migrated " + part).isEqualTo(part.stored());
                }
                FaultRun.settle(crowd).forEach(late -> found.add(new Violation(Violation.Kind.LOST, late)));
                found.addAll(Checker.check(
                        recorder.history(),
                        crowd.readings().logs(),
                        crowd.holdings(),
                        crowd.readings().counts(crowd.people(), crowd.marks())));
            } finally {
                crowd.disperse();
            }
        }
        found.addAll(recorder.violations());
        System.out.println("Rolling: " + recorder.answered() + " sends answered, lost and otherwise broken "
                + found.size() + ", " + recorder.counts());
        assertThat(found).isEmpty();
    }

    /** All by the one door; and one gateway is all there is. */
    private Doors doors() {
        return new Doors() {
            @Override
            public URI open(Part part) {
                return compose.baseUri();
            }

            @Override
            public List<URI> gateways() {
                return List.of(compose.baseUri());
            }
        };
    }

    /** Does it while all talk; all who are connected must then come to know what was said meanwhile, by themselves. */
    private void disturb(Crowd crowd, String what, Runnable step) {
        long from = recorder.now();
        long before = recorder.answered();
        step.run();
        long ready = recorder.now();
        recorder.troubled(new Span(from, ready));
        String late = crowd.behind(crowd.readings().heads(), TOLD, false);
        System.out.printf(
                "  %s: ready after %.1f s, all told after %.1f s, %d sends answered%n",
                what, (ready - from) / 1e9, (recorder.now() - from) / 1e9, recorder.answered() - before);
        assertThat(late).as("%s: who is late", what).isNull();
    }

    private boolean isMigrated(Part part) {
        return part.stored()
                && compose.ask(part, "SELECT count(*) FROM natter_history WHERE version = '999' AND success")
                        .equals("1");
    }

    /** The image of the version to come: today's, with one migration more. */
    private void next(Part part) throws IOException {
        Path context = Files.createDirectories(folder.resolve(part.module()));
        String dockerfile = "FROM natter/" + part.module() + ":latest\n";
        if (part.stored()) {
            Path jar = context.resolve("service.jar");
            Files.copy(jar(part), jar, StandardCopyOption.REPLACE_EXISTING);
            try (var files = FileSystems.newFileSystem(jar)) {
                Files.writeString(files.getPath("db", part.key(), "V999__note.sql"), MIGRATIONS.get(part));
            }
            dockerfile += "COPY service.jar /opt/natter/service.jar\n";
        }
        Files.writeString(context.resolve("Dockerfile"), dockerfile + "LABEL version=" + NEXT + "\n");
        compose.build(context, "natter/" + part.module() + ":" + NEXT);
    }

    private static Path jar(Part part) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", part.module(), "target"))) {
            return files.filter(file -> file.getFileName().toString().matches("natter-.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
