package dev.natter.media;

import dev.natter.platform.run.Node;

/** Runs media-service alone. */
public final class Main {
    private Main() {}

    /**
     * Runs until SIGTERM.
     *
     * @param args unused
     */
    public static void main(String[] args) {
        Node.run(MediaService.class, MediaService::open);
    }
}
