package dev.natter.bench;

import java.util.List;

/** Something that is measured. Each run of it sets up what it needs and leaves nothing running. */
interface Scenario {
    /** As the command line names it. */
    String name();

    /** What it measures, in a line. */
    String about();

    /**
     * Measures once.
     *
     * @param ground where and for how long
     * @return what was found, the same figures in the same order in every run
     * @throws Exception if it can't be measured; nothing is left running then either
     */
    List<Figure> run(Ground ground) throws Exception;
}
