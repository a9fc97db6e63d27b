package dev.natter.local;

/** How the five services run: in this process, or each in its own. */
sealed interface Arrangement extends AutoCloseable permits Together, Separate {
    /** Kills one of its processes as {@code kill -9} does. */
    void crash(String process);

    /** Stops the services in order. */
    @Override
    void close();
}
