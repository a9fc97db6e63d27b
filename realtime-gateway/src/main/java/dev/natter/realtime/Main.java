package dev.natter.realtime;

import dev.natter.platform.run.Node;

/** Runs realtime-gateway alone. */
public final class Main {
    private Main() {}

    /**
     * Starts and serves until told to stop.
     *
     * @param args none
     */
    public static void main(String[] args) {
        Node.run(RealtimeService.class, RealtimeService::open);
    }
}
