package dev.natter.bench;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What scenarios are run on.
 *
 * @param root the checkout that is measured
 * @param folder where a run may leave things: data, charts
 * @param length how long one measurement takes
 * @param given an installation that runs already and is to be measured; null if each scenario starts its own
 */
record Ground(Path root, Path folder, Duration length, URI given) {
    /** The same, with a folder of its own within this one's. */
    Ground in(String name) {
        return new Ground(root, folder.resolve(name), length, given);
    }
}
