package dev.natter.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;

/**
 * What scenarios are run on.
 *
 * @param root the checkout that is measured
 * @param folder where a run may leave things
 * @param length how long one measurement takes
 * @param size how many messages at most, where it matters how many there are
 * @param given an installation that runs already and is to be measured; null if each scenario starts its own
 */
record Ground(Path root, Path folder, Duration length, int size, URI given) {
    /** The same, with a folder of its own within this one's. */
    Ground in(String name) {
        return new Ground(root, folder.resolve(name), length, size, given);
    }

    /** Draws what a run has found, beside the figures; of several runs the last one's stays. */
    void draw(Chart chart) throws IOException {
        chart.write(folder.resolveSibling(folder.getFileName() + ".svg"));
    }

    /** Leaves nothing of what runs have left in the folder, but the folder. */
    void clear() throws IOException {
        if (Files.exists(folder)) {
            try (var all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        Files.createDirectories(folder);
    }
}
