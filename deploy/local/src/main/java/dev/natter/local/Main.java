package dev.natter.local;

/** What {@code ./natter up} runs. */
public final class Main {
    private Main() {}

    /**
     * Runs Natter until SIGINT or SIGTERM.
     *
     * @param args {@code [--separate] [--port N] [--host ADDRESS] [--home FOLDER]}
     */
    public static void main(String[] args) {
        throw new UnsupportedOperationException("skeleton");
    }
}
